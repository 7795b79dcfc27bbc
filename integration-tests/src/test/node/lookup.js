// Looks a row up as a service would: node lookup.js HOST:PORT PROTO_ROOT DATASET KEY_FIELD…
'use strict';
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const { encodeKey } = require('./keys');

const SERVICE_CONFIG = {
  loadBalancingConfig: [{ round_robin: {} }],
  methodConfig: [{
    name: [
      { service: 'penstock.serving.v1.ServingService', method: 'Get' },
      { service: 'penstock.serving.v1.ServingService', method: 'BatchGet' },
    ],
    retryPolicy: {
      maxAttempts: 5,
      initialBackoff: '0.002s',
      maxBackoff: '0.1s',
      backoffMultiplier: 4,
      retryableStatusCodes: ['UNAVAILABLE'],
    },
  }],
  retryThrottling: { maxTokens: 1000, tokenRatio: 0.1 },
};
const DEADLINE_MILLIS = 100; // ten times the contract's p99, and no less than this

function connect(address, protoRoot) {
  const definition = protoLoader.loadSync(path.join(protoRoot, 'penstock/serving/v1/serving.proto'), {
    includeDirs: [protoRoot], keepCase: true, longs: String, enums: String, defaults: true,
  });
  const { ServingService } = grpc.loadPackageDefinition(definition).penstock.serving.v1;
  return new ServingService(address, grpc.credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 5_000,
  });
}

/** The row's bytes; null if there is no such row. Whatever could not be answered is an error, never null. */
function lookup(client, dataset, key) {
  return new Promise((resolve, reject) => {
    client.Get({ dataset, key }, { deadline: Date.now() + DEADLINE_MILLIS }, (error, response) => {
      if (error) {
        reject(error); // error.code: 14 UNAVAILABLE or 4 DEADLINE_EXCEEDED may be tried again, 8 RESOURCE_EXHAUSTED not at once
        return;
      }
      switch (response.outcome) {
        case 'OUTCOME_FOUND':
          resolve(response.value);
          break;
        case 'OUTCOME_ABSENT':
        case 'OUTCOME_EXPIRED':
          resolve(null);
          break;
        default:
          reject(new Error(`no outcome this client knows: ${response.outcome}`));
      }
    });
  });
}

async function main([address, protoRoot, dataset, ...fields]) {
  const client = connect(address, protoRoot);
  await new Promise((resolve, reject) => {
    client.waitForReady(Date.now() + 10_000, (error) => (error ? reject(error) : resolve()));
  });
  const value = await lookup(client, dataset, encodeKey(...fields));
  console.log(value === null ? 'no such row' : value.toString('base64'));
  client.close();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
