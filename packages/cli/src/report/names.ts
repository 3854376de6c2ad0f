/** How parties and retries are called in reports. */
export const parties = {
  client: 'client signer',
  wallet: 'wallet',
  server: 'resource server',
  facilitator: 'facilitator',
  rpc: 'RPC node',
  token: 'token or its issuer',
  nobody: 'nobody',
} as const

export const retries = {
  'same-payload': 'the same payload can be sent again',
  'sign-again': 'a new signature is needed',
  'fix-first': 'the signature can be kept: fix what surrounds it, then send',
  never: 'do not send anything again',
  unknown: 'whether a retry is safe is unknown',
} as const
