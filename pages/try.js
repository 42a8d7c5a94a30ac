// The form of an endpoint: made of its parameters, it writes the request as a curl line, sends it and shows the answer.

const token = make('input', { id: 'token', type: 'password', autocomplete: 'off', placeholder: 'where one is needed' });

function tokenField() {
  return make('p', { class: 'token' }, make('label', { for: 'token' }, 'Token'), token,
    make('span', {}, 'kept in this page only, and sent with what writes'));
}

/** What a parameter may be, in words. */
function bounds(schema) {
  const one = schema.items || schema;
  const parts = [];
  if (schema.type === 'array' && !one.enum) parts.push('may be repeated: one value a line');
  if (one.type === 'integer') {
    parts.push(one.maximum > Number.MAX_SAFE_INTEGER ? `${one.minimum} or more` : `${one.minimum} to ${one.maximum}`);
  }
  if (one.maxLength) parts.push(`at most ${one.maxLength} characters`);
  if (schema.default !== undefined) parts.push(`default ${schema.default}`);
  return parts.join('; ');
}

/** The field of a parameter, and a function that gives its values: pairs of name and text. */
function field(parameter, id, changed) {
  const { name, schema } = parameter;
  const several = schema.anyOf || (schema.type === 'array' && parameter.explode === false ? [schema] : null);
  const words = several ? several.flatMap((list) => list.items.enum) : (schema.items || schema).enum;
  const prefix = parameter['x-name-prefix'];
  const written = prefix ? `place=${parameter.example}` : Array.isArray(parameter.example)
    ? parameter.example.join(',') : parameter.example;
  const hint = written === undefined ? '' : String(written);
  let input;
  if ((words && schema.type !== 'array' && !several) || schema.type === 'boolean') {
    const options = words || ['true', 'false'];
    input = make('select', { id }, make('option', { value: '' }, schema.default === undefined ? '' : `${schema.default} (default)`),
      options.map((word) => make('option', {}, word)));
  } else if (schema.type === 'array' && !several) {
    input = make('textarea', { id, rows: 1, placeholder: hint, spellcheck: 'false' });
  } else {
    const isNumber = schema.type === 'integer';
    input = make('input', { id, type: isNumber ? 'number' : 'text', placeholder: hint, autocomplete: 'off', spellcheck: 'false',
      min: isNumber ? schema.minimum : null });
  }
  if (parameter.required) input.defaultValue = hint;
  input.addEventListener('input', changed);
  const note = make('div', { class: 'note' }, ...prose(parameter.description));
  const limits = bounds(schema);
  if (limits) note.append(make('div', { class: 'bounds' }, limits));
  if (words && input.tagName !== 'SELECT') {
    const add = (word) => {
      const between = several ? ',' : '\n';
      const values = input.value.split(between).filter(Boolean);
      input.value = (values.includes(word) ? values.filter((one) => one !== word) : [...values, word]).join(between);
      changed();
    };
    note.append(later(`${words.length} words`, () => make('div', { class: 'words' },
      words.map((word) => make('button', { type: 'button', click: () => add(word) }, word))), { class: 'more' }));
  }
  if (hint && !parameter.required) {
    const fill = () => { input.value = hint; changed(); };
    note.append(make('div', { class: 'words' }, make('button', { type: 'button', click: fill, 'aria-label': `${name}: take the example ${hint}` }, hint)));
  }
  const label = make('label', { for: id }, make('b', { class: 'mono' }, name),
    parameter.required ? make('span', { class: 'must' }, 'required') : '');
  const values = () => {
    const texts = schema.type === 'array' && !several ? input.value.split('\n').filter(Boolean) : [input.value].filter(Boolean);
    if (!prefix) return texts.map((text) => [name, text]);
    return texts.map((text) => [prefix + text.split('=')[0], text.split('=').slice(1).join('=')]);
  };
  return { input, values, place: parameter.in, name, row: make('div', { class: 'field' }, label, make('div', {}, input), note) };
}

/** A word for a shell. */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

let knownId;

/** The id of a speech that there is, so that the first try finds something. */
function anyId() {
  knownId ??= fetch('/v1/speeches?limit=1&fields=id&has_sections=true').then((answer) => answer.json())
    .then((list) => list.items[0]?.id).catch(() => undefined);
  return knownId;
}

function tryIt({ method, path, operation, id }) {
  const line = make('pre', { tabindex: '0', 'aria-label': 'The request as a curl line' });
  const output = make('div', { 'aria-live': 'polite' });
  const fields = operation.parameters.map((parameter) => field(parameter, `${id}-${parameter.name}`, () => write()));
  const ownId = path.startsWith('/v1/speeches/') && fields.find((one) => one.name === 'id');
  if (ownId) {
    const before = ownId.input.value;
    anyId().then((known) => { if (known && ownId.input.value === before) { ownId.input.value = known; write(); } });
  }
  const good = operation.responses[200] || {};
  const types = Object.keys(good.content || {}).filter((type) => type !== '*/*');
  const accept = types.length > 1 ? make('select', { id: `${id}-accept`, change: () => write() }, types.map((type) => make('option', {}, type))) : null;
  const content = operation.requestBody ? operation.requestBody.content : null;
  const kind = content ? make('select', { id: `${id}-type`, change: () => { fillBody(); write(); } },
    Object.keys(content).map((type) => make('option', { selected: type === 'application/json' }, type))) : null;
  const body = content ? make('textarea', { id: `${id}-body`, rows: 6, spellcheck: 'false', input: () => write() }) : null;
  const fillBody = () => {
    const { example } = content[kind.value];
    body.value = typeof example === 'string' ? example : JSON.stringify(example, null, 2);
  };
  if (content) fillBody();

  function request() {
    let address = path;
    const query = [];
    const headers = {};
    for (const one of fields) {
      for (const [name, text] of one.values()) {
        if (one.place === 'path') address = address.replace(`{${one.name}}`, encodeURIComponent(text));
        else if (one.place === 'header') headers[name] = text;
        else query.push([name, text]);
      }
    }
    if (accept) headers.Accept = accept.value;
    if (kind) headers['Content-Type'] = kind.value;
    if (operation.security && token.value) headers.Authorization = `Bearer ${token.value}`;
    return { address, query, headers };
  }
  function write() {
    const { address, query, headers } = request();
    const parts = ['curl -s' + (query.length ? 'G' : 'i').replace('G', 'iG')];
    if (method !== 'get') parts.push(`-X ${method.toUpperCase()}`);
    parts.push(quoted(location.origin + address));
    for (const [name, text] of query) parts.push(`--data-urlencode ${quoted(`${name}=${text}`)}`);
    for (const [name, text] of Object.entries({ ...headers, ...(operation.security ? { Authorization: '' } : {}) })) {
      parts.push(name === 'Authorization' ? '-H "Authorization: Bearer $ROSTRUM_TOKEN"' : `-H ${quoted(`${name}: ${text}`)}`);
    }
    if (body) parts.push(`--data-binary ${quoted(body.value)}`);
    line.textContent = parts.join(' ');
  }
  async function send(event) {
    event.preventDefault();
    const { address, query, headers } = request();
    const text = new URLSearchParams(query).toString();
    output.replaceChildren(make('p', { class: 'lock' }, 'Asking …'));
    const begin = performance.now();
    try {
      const answer = await fetch(address + (text ? `?${text}` : ''), { method: method.toUpperCase(), headers, body: body ? body.value : undefined });
      output.replaceChildren(await shown(answer, begin));
    } catch (error) {
      output.replaceChildren(make('p', { class: 'answer bad' }, `No answer: ${error.message}`));
    }
  }

  const form = make('form', { submit: send, novalidate: true });
  const rows = fields.map((one) => one.row);
  const first = fields.filter((one) => one.place === 'path' || one.name === 'q' || one.name === 'limit' || fields.length <= 6);
  form.append(make('h3', {}, rows.length ? 'Parameters' : 'Try it'));
  form.append(...rows.filter((row) => first.some((one) => one.row === row)));
  const further = rows.filter((row) => !first.some((one) => one.row === row));
  if (further.length) form.append(make('details', { class: 'more' }, make('summary', {}, `${further.length} more: ${fields.filter((one) => !first.includes(one)).map((one) => one.name).join(', ')}`), further));
  if (body) {
    form.append(make('h3', {}, 'Body'), make('p', { class: 'note' }, ...prose(operation.requestBody.description)),
      make('div', { class: 'field' }, make('label', { for: kind.id }, 'Content-Type'), kind, ''),
      make('div', { class: 'field' }, make('label', { for: body.id }, 'Body'), body, ''));
    body.parentElement.classList.add('wide');
  }
  const copy = make('button', { type: 'button', click: async () => {
    await navigator.clipboard.writeText(line.textContent);
    copy.textContent = 'Copied';
  } }, 'Copy');
  form.append(make('div', { class: 'row' }, make('button', { class: 'send' }, 'Send'),
    accept ? make('label', { class: 'lock' }, 'as ', accept) : '',
    make('button', { type: 'reset', click: () => setTimeout(() => { output.replaceChildren(); if (body) fillBody(); write(); }) }, 'Clear')),
  make('div', { class: 'curl' }, line, copy), output);
  write();
  return form;
}

/** JSON in colours. */
function coloured(text) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    parts.push(text.slice(last, match.index));
    const kind = match[1] ? (match[2] ? 'key' : 'str') : match[3] ? 'nul' : 'num';
    parts.push(make('span', { class: kind }, match[1] || match[0]), match[2] || '');
    last = match.index + match[0].length;
  }
  return [...parts, text.slice(last)];
}

/** Longer bodies are cut on the page. */
const longest = 100_000;

async function shown(answer, begin) {
  const type = answer.headers.get('Content-Type') || '';
  const bytes = await answer.arrayBuffer();
  const took = Math.round(performance.now() - begin);
  const box = make('div', { class: answer.ok ? 'answer' : 'answer bad' });
  box.append(make('p', {}, make('span', { class: 'status' }, `${answer.status} ${answer.statusText}`), ' ',
    make('span', { class: 'took' }, `${took} ms, ${bytes.byteLength.toLocaleString('en')} bytes`)));
  const heads = make('table', { class: 'heads' }, make('tbody', {}, [...answer.headers].map(([name, value]) =>
    make('tr', {}, make('td', {}, name), make('td', {}, value)))));
  box.append(make('details', { class: 'more' }, make('summary', {}, 'Header fields'), heads));
  if (!bytes.byteLength) return box;
  if (!/json|text|xml|csv/.test(type)) {
    const link = make('a', { href: URL.createObjectURL(new Blob([bytes], { type })), download: '' }, 'Save it');
    box.append(make('p', {}, `${type || 'Bytes'}, not shown here. `, link));
    return box;
  }
  let text = new TextDecoder().decode(bytes);
  const isJSON = /json$/.test(type.split(';')[0]) && !type.includes('ndjson');
  if (isJSON) text = JSON.stringify(JSON.parse(text), null, 2);
  const cut = text.length > longest ? text.slice(0, longest) + '\n…' : text;
  box.append(make('pre', { tabindex: '0', 'aria-label': 'The body' }, ...(isJSON ? coloured(cut) : [cut])));
  return box;
}

start();
