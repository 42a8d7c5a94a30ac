#!/bin/sh
# Fills a small file system while documents are imported: full-disk.sh ROSTRUM DOCUMENTS…
# What was reported is kept, the rest is refused, reads go on, and writes go on when there is room again.
set -eu
rostrum=$1; shift
folder=$(mktemp -d)
mount -t tmpfs -o size=2m tmpfs "$folder" || { echo "no right to mount: skipped"; exit 0; }
server=
trap 'kill $server 2>/dev/null || true; sleep 1; umount "$folder"; rmdir "$folder"' EXIT
ROSTRUM_TOKEN=t "$rostrum" serve --database "$folder/a.sqlite" --port 0 > "$folder.log" 2>&1 &
server=$!
for _ in $(seq 100); do grep -q 'http://' "$folder.log" && break; sleep 0.1; done
address="$(sed -n 's/.* at \(http:[^ ]*\)\/$/\1/p' "$folder.log" | head -1)"
post() {
  curl -s -o /dev/null -w '%{http_code}' -X POST -H "Authorization: Bearer t" -H "Content-Type: text/plain" \
    --data-binary "@$1" "$address/v1/speeches"
}
kept=0; refused=0
for document in "$@"; do
  case "$(post "$document")" in
    201) kept=$((kept + 1)) ;;
    507) refused=$((refused + 1)) ;;
    *) echo "an answer that is neither 201 nor 507"; exit 1 ;;
  esac
done
echo "$kept kept, $refused refused for want of room"
[ "$kept" -gt 0 ] && [ "$refused" -gt 0 ]
curl -s "$address/v1" | grep -q "\"speeches\":$kept,"
mount -o remount,size=64m "$folder"
[ "$(post "$document")" = 201 ]
kill -TERM $server; wait $server; server=
"$rostrum" check --database "$folder/a.sqlite"
rm -f "$folder.log"
