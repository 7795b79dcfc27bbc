// Checks encodeKey against the golden vectors: node check-keys.js KEY_VECTORS_JSON
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const { encodeKey } = require('./keys');

const vectors = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
for (const { types, values, key } of vectors.encode) {
  const typed = values.map((value, i) => (types[i] === 'string' ? value : BigInt(value)));
  assert.strictEqual(encodeKey(...typed), key);
}
const impossible = vectors.refuse_decode.filter(({ code }) => code === 'EMPTY_KEY' || code === 'KEY_NOT_UTF8');
for (const { key } of impossible) {
  assert.throws(() => encodeKey(key), RangeError);
}
assert.throws(() => encodeKey('a'.repeat(1025)), RangeError);
assert.strictEqual(encodeKey(7, -0), '7|0');
assert.throws(() => encodeKey(2 ** 60), TypeError);
console.log(`${vectors.encode.length} keys encoded, ${impossible.length} refused`);
