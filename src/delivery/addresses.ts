import { BlockList, isIP } from 'node:net';

/**
 * Networks that are not the public Internet: every entry of the IANA Special-Purpose Address
 * Registries (RFC 6890), including the anycast networks (AS112, AMT), and multicast.
 */
const PRIVATE_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Azure's host address, which only the virtual machine itself can reach.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** All allocated unicast addresses (RFC 4291 §2.4); other addresses are special or unallocated. */
const PUBLIC_IPV6 = ['2000::', 3] as const;
const PRIVATE_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

const privateIpv4 = new BlockList();
for (const [network, prefix] of PRIVATE_IPV4) privateIpv4.addSubnet(network, prefix, 'ipv4');
const publicIpv6 = new BlockList();
publicIpv6.addSubnet(...PUBLIC_IPV6, 'ipv6');
const privateIpv6 = new BlockList();
for (const [network, prefix] of PRIVATE_IPV6) privateIpv6.addSubnet(network, prefix, 'ipv6');

/** Whether an address (IPv4, or IPv6 without brackets) belongs to the public Internet. */
export const isPublicAddress = (address: string): boolean => {
  if (isIP(address) === 4) return !privateIpv4.check(address, 'ipv4');
  return publicIpv6.check(address, 'ipv6') && !privateIpv6.check(address, 'ipv6');
};
