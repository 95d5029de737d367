// Makes `localhost` the two addresses that it is on many machines.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

const ADDRESSES = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
const { lookup } = dns;
const { lookup: lookupPromised } = dns.promises;
dns.lookup = (host, options, callback) => {
  if (host === 'localhost' && options?.all === true) callback(null, ADDRESSES);
  else lookup(host, options, callback);
};
dns.promises.lookup = async (host, options) =>
  host === 'localhost' && options?.all === true ? ADDRESSES : lookupPromised(host, options);
syncBuiltinESMExports();
