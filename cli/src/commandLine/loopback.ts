// address that a server listens on → whether only this machine reaches it

const LOOPBACK = /^(127(\.\d+){1,3}|localhost|\[?::1\]?)$/;

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
