import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * What `ipaddr.js` does not know: Azure's host address, which only the virtual machine itself can
 * reach, and the addresses beside the allocated unicast addresses, 2000::/3 (RFC 4291 §2.4).
 */
const AZURE_HOST = ipaddr.parseCIDR('168.63.129.16/32');
const ALLOCATED_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address (IPv4, or IPv6 without brackets) belongs to the public Internet: in none of
 * the IANA Special-Purpose Address Registries (RFC 6890), and not multicast.
 */
export const isPublicAddress = (address: string): boolean => {
  // The library also accepts octal, hexadecimal and short forms, which name no connection here.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' ? !parsed.match(AZURE_HOST) : parsed.match(ALLOCATED_IPV6);
};

/** Whether a URL contains an IP address that is not public. */
export const isPrivateLiteral = (url: string): boolean => {
  const host = new URL(url).hostname.replaceAll(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host);
};
