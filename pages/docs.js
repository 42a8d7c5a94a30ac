'use strict';
// Makes the page of /openapi.json: the endpoints in their groups, what they take and what they answer.

/** An element with attributes and children; a function among the attributes listens. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== ''));
  return element;
}

/** A text whose `words` are code. */
function prose(text) {
  return text.split('`').map((part, index) => (index % 2 ? make('code', {}, part) : part));
}

let api;

/** What a reference stands for. */
function resolved(value) {
  if (!value || !value.$ref) return value;
  const found = value.$ref.split('/').slice(1).reduce((place, name) => place[name], api);
  return { ...found, description: value.description || found.description };
}

function shapeName(schema) {
  return schema.$ref ? schema.$ref.split('/').pop() : '';
}

/** Which of several shapes is meant, null aside. */
function choices(schema) {
  return (schema.anyOf || schema.oneOf || []).filter((choice) => choice.type !== 'null');
}

function typeOf(schema) {
  if (schema.$ref) return shapeName(schema);
  if (schema.items) return `array of ${typeOf(schema.items)}`;
  if (schema.enum) return schema.enum.map((word) => `“${word}”`).join(', ');
  if (choices(schema).length) {
    const isOptional = (schema.anyOf || []).some((choice) => choice.type === 'null');
    return choices(schema).map(typeOf).join(' or ') + (isOptional ? ' or null' : '');
  }
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  return schema.type || 'anything';
}

/** The members of a shape, deeper ones when they are opened. */
function shape(schema) {
  const whole = resolved(schema);
  if (whole.items) return shape(whole.items);
  if (whole.allOf) return shape(whole.allOf[0]);
  if (choices(whole).length) return make('div', {}, choices(whole).map(shape));
  const members = Object.entries(whole.properties || {});
  if (!members.length) return null;
  return make('ul', { class: 'shape' }, members.map(([name, member]) => {
    const line = make('li', {}, make('code', {}, name), ' ', make('span', { class: 'kind' }, typeOf(member)));
    const note = resolved(member).description;
    if (note) line.append(' ', ...prose(note));
    if (hasMembers(member)) line.append(' ', later('members', () => shape(member)));
    return line;
  }));
}

function hasMembers(schema) {
  if (schema.$ref) return hasMembers(resolved(schema));
  return Boolean(Object.keys(schema.properties || {}).length || (schema.items && hasMembers(schema.items))
    || choices(schema).some(hasMembers));
}

/** Something that is made when it is opened. */
function later(title, content, attributes = {}) {
  const details = make('details', attributes, make('summary', {}, title));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length < 2) details.append(content() || '');
  });
  return details;
}

/** One status: the shapes of its answer, or its problems by their codes. */
function answerRow(status, answer) {
  const whole = resolved(answer);
  const cell = make('div');
  const problem = (whole.content || {})['application/problem+json'];
  if (problem) {
    for (const [code, example] of Object.entries(problem.examples)) {
      cell.append(make('p', { class: 'code' }, make('code', {}, code), ' ', ...prose(example.summary)));
    }
  } else {
    cell.append(make('p', {}, ...prose(whole.description)));
    for (const [type, media] of Object.entries(whole.content || {})) {
      const title = media.schema.$ref ? `${type}: ${shapeName(media.schema)}` : `${type}${choices(media.schema).length ? ': ' + typeOf(media.schema) : ''}`;
      if (hasMembers(media.schema)) cell.append(later(title, () => shape(media.schema), { class: 'more' }));
      else cell.append(make('p', { class: 'lock' }, title));
      if (media.example !== undefined) {
        const text = typeof media.example === 'string' ? media.example : JSON.stringify(media.example, null, 2);
        cell.append(later('example', () => make('pre', {}, ...(typeof media.example === 'string' ? [text] : coloured(text))), { class: 'more' }));
      }
    }
    const headers = Object.keys(whole.headers || {});
    if (headers.length) cell.append(make('p', { class: 'lock' }, 'with ' + headers.join(', ')));
  }
  return make('div', { class: 'status-row' }, make('b', {}, status), cell);
}

/** All of an endpoint, in the order in which one reads it. */
function explain(endpoint) {
  const { operation } = endpoint;
  const inside = make('div', { class: 'inside' });
  if (operation.security) inside.append(make('p', { class: 'lock' }, `Needs a token of scope ${operation.security[0].token[0]}.`));
  inside.append(tryIt(endpoint));
  const answers = Object.entries(operation.responses);
  inside.append(make('h3', {}, 'Answers'), ...answers.filter(([status]) => status < 300).map((one) => answerRow(...one)));
  const problems = answers.filter(([status]) => status >= 300);
  inside.append(make('h3', {}, 'Other statuses and the codes of problems'), ...problems.map((one) => answerRow(...one)));
  if (operation.requestBody) {
    const content = operation.requestBody.content;
    const json = content['application/json'];
    if (json) inside.append(make('h3', {}, 'The JSON that it takes'), shape(json.schema) || '');
  }
  return inside;
}

function endpointsOf(document) {
  const found = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const words = [method, path, operation.operationId, operation.summary,
        ...operation.parameters.flatMap((parameter) => [parameter.name, parameter.description]),
        ...Object.values(operation.responses).map((answer) => resolved(answer).description)];
      found.push({ method, path, operation, id: operation.operationId, words: words.join(' ').toLowerCase() });
    }
  }
  return found;
}

function verb(method) {
  return make('span', { class: `verb ${method}` }, method.toUpperCase());
}

function show(endpoints) {
  const nav = document.getElementById('nav');
  const groups = document.getElementById('groups');
  groups.replaceChildren();
  for (const tag of api.tags) {
    const members = endpoints.filter((endpoint) => endpoint.operation.tags.includes(tag.name));
    const links = members.map((endpoint) => make('a', { href: `#${endpoint.id}`, 'data-id': endpoint.id },
      verb(endpoint.method), make('span', { class: 'mono' }, endpoint.path)));
    nav.append(make('div', {}, make('h2', {}, tag.name), links));
    const title = tag.name[0].toUpperCase() + tag.name.slice(1);
    groups.append(make('div', {}, make('h2', {}, title), make('p', { class: 'lead' }, tag.description),
      members.map((endpoint) => {
        const details = make('details', { class: 'endpoint', id: endpoint.id }, make('summary', {}, verb(endpoint.method),
          make('span', { class: 'mono path' }, endpoint.path), make('span', { class: 'what' }, endpoint.operation.summary)));
        details.addEventListener('toggle', () => {
          if (details.open && details.children.length < 2) details.append(explain(endpoint));
        });
        return details;
      })));
  }
}

/** Hides what does not have all the words. */
function find(endpoints, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let some = false;
  for (const endpoint of endpoints) {
    const fits = words.every((word) => endpoint.words.includes(word));
    some = some || fits;
    document.getElementById(endpoint.id).hidden = !fits;
    document.querySelector(`nav a[data-id="${endpoint.id}"]`).hidden = !fits;
  }
  for (const group of document.querySelectorAll('#groups > div, nav > div')) {
    group.hidden = !group.querySelector('.endpoint:not([hidden]), a:not([hidden])');
  }
  document.getElementById('none').hidden = some;
}

/** Opens the endpoint that the address names. */
function openNamed() {
  const details = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!details || !details.matches('details.endpoint')) return;
  details.open = true;
  details.scrollIntoView();
  details.querySelector('summary').focus({ preventScroll: true });
}

async function start() {
  api = await (await fetch('/openapi.json')).json();
  document.getElementById('version').textContent = api.info.version;
  document.getElementById('intro').append(make('p', {}, ...prose(api.info.description)), tokenField());
  const endpoints = endpointsOf(api);
  show(endpoints);
  const input = document.getElementById('find');
  input.addEventListener('input', () => find(endpoints, input.value));
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.target.matches('input, textarea, select')) {
      event.preventDefault();
      input.focus();
    } else if (event.key === 'Escape' && event.target === input) {
      input.value = '';
      find(endpoints, '');
    }
  });
  window.addEventListener('hashchange', openNamed);
  openNamed();
}
