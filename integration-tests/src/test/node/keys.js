'use strict';

const ALONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The encoded key of a row: one value a key field, in the order of the field numbers. 64-bit integers are BigInts. */
function encodeKey(...values) {
  const texts = values.map(text);
  const key = texts.length === 1 ? texts[0] : texts.map((each) => each.replace(/[\\|]/g, '\\$&')).join('|');
  if (key === '' || Buffer.byteLength(key) > 1024 || ALONE.test(key)) {
    throw new RangeError('key: empty, longer than 1024 bytes, or not UTF-8');
  }
  return key;
}

function text(value) {
  if (typeof value === 'string') {
    return value;
  }
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    return BigInt(value).toString();
  }
  throw new TypeError('key: neither a string nor a whole number that is exact');
}

module.exports = { encodeKey };
