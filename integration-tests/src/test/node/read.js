// Reads a Penstock server with Node's own gRPC client, knowing nothing but the .proto file of the reading API:
//   node read.js HOST:PORT PROTO_ROOT DATASET KEY…
// Prints one JSON object: the datasets, and for each key the outcome and the decoded row.
'use strict';
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');
const descriptor = require('protobufjs/ext/descriptor');

const [address, protoRoot, dataset, ...keys] = process.argv.slice(2);
const definition = protoLoader.loadSync(path.join(protoRoot, 'penstock/serving/v1/serving.proto'), {
  includeDirs: [protoRoot],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});
const { ServingService } = grpc.loadPackageDefinition(definition).penstock.serving.v1;
const client = new ServingService(address, grpc.credentials.createInsecure());

function call(method, request) {
  return new Promise((resolve, reject) => {
    client[method](request, { deadline: Date.now() + 10_000 }, (error, response) =>
      error ? reject(error) : resolve(response));
  });
}

async function main() {
  const { datasets } = await call('ListDatasets', { page_size: 100 });
  const contract = await call('GetContract', { dataset });
  const root = protobuf.Root.fromDescriptor(descriptor.FileDescriptorSet.decode(contract.descriptor_set));
  const type = root.lookupType(contract.message);
  const row = (value) => type.toObject(type.decode(value), { longs: Number, enums: String, defaults: true });

  const single = await call('Get', { dataset, key: keys[0] });
  const batch = await call('BatchGet', { groups: [{ dataset, keys }] });
  const missing = await call('Get', { dataset: 'no-such.v1', key: keys[0] }).catch((error) => error);
  console.log(JSON.stringify({
    datasets: datasets.map((each) => `${each.namespace}/${each.name} ${each.state} version ${each.version.version}`),
    single: { outcome: single.outcome, version: single.version_info.version, row: row(single.value) },
    batch: batch.groups[0].rows.map((each) => ({
      outcome: each.outcome,
      row: each.outcome === 'OUTCOME_FOUND' ? row(each.value) : null,
    })),
    error: { code: missing.code, details: missing.details },
  }));
  client.close();
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
