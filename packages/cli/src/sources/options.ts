import type { RpcOptions } from './known-rpcs.ts'
import type { TokenOptions } from './token-options.ts'

/** What a user can tell of a chain and a token that nothing here knows. */
export const tokenOptions = {
  'chain-id': { type: 'string', requiresArg: true, describe: 'the chain, by its number, when the payload does not say' },
  token: { type: 'string', requiresArg: true, describe: "the token's address, when the payload does not say or is wrong" },
  'token-name': {
    type: 'string',
    requiresArg: true,
    describe: "the name of the token's EIP-712 domain, of a token that nothing here knows",
  },
  'token-version': { type: 'string', requiresArg: true, describe: 'and its version' },
  'token-family': {
    type: 'string',
    requiresArg: true,
    describe: 'which contract it is, such as FiatTokenV2_2, TetherTokenV2 or ERC3009: its order of checks and its words',
  },
  decimals: { type: 'string', requiresArg: true, describe: "the token's decimals, of a token that nothing here knows" },
} as const

/** Which RPCs are asked: the same for every command that asks any. */
export const rpcOptions = {
  'rpc-url': {
    type: 'string',
    array: true,
    nargs: 1,
    describe:
      'ask this RPC what the chain knows, and replay on a fork of it; it is only read. A second one has to agree. public: those that eip3009 networks lists. EIP3009_RPC_BASE and the like, eip3009.config.json and the [rpc_endpoints] of foundry.toml count when absent',
  },
  rpc: { type: 'string', array: true, nargs: 1, describe: 'the RPC of a network by its name: base=URL, eip155:8453=URL; can be repeated' },
  'rpc-header': {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'a header for the RPCs that are given by an option or the environment: "Name: value"; can be repeated',
  },
} as const

/** What says where a payment is from, when it was, and whom to ask about it: the same for every command that judges payments. */
export const sourceOptions = {
  at: { type: 'string', requiresArg: true, describe: 'when it was submitted: unix seconds, an ISO time, or now' },
  answer: {
    type: 'string',
    requiresArg: true,
    describe:
      'what was answered to it: a text, or a file with the answer, an error or a log; what stands beside the payment counts when absent',
  },
  tx: {
    type: 'string',
    requiresArg: true,
    describe: 'the transaction that it is said to have become: it is looked up where an RPC is known',
  },
  network: { type: 'string', requiresArg: true, describe: 'the network, when the payment does not say: base, 8453, eip155:8453' },
  ...tokenOptions,
  ...rpcOptions,
  'facilitator-address': {
    type: 'string',
    requiresArg: true,
    describe: 'the account that submits: is it able to pay for gas, and did it settle this?',
  },
  block: {
    type: 'string',
    requiresArg: true,
    describe: 'the state of this block, or pending, instead of the newest or that of --at',
  },
  snapshot: {
    type: 'string',
    requiresArg: true,
    describe: 'take what was said from this file, which diagnose --save-snapshot wrote, instead of asking anybody',
  },
  'save-snapshot': {
    type: 'string',
    requiresArg: true,
    describe: 'write what the RPCs and the replays said into this new file, so that the same diagnosis can be made without them',
  },
} as const

/** The one meaning of --timeout: all that one RPC is asked, be it read or forked. */
export const timeoutOption = <Milliseconds extends number>(milliseconds: Milliseconds) =>
  ({
    type: 'number',
    default: milliseconds,
    requiresArg: true,
    describe: 'milliseconds that each RPC may take in all',
  }) as const

/** The option of every report that holds somebody's payment. */
export const shareOption = {
  type: 'boolean',
  default: false,
  describe: 'leave out what must not be shared: the signature’s s, keys, credentials; the rest still answers',
} as const

/** `sourceOptions` as they were given. */
export interface SourceOptions extends TokenOptions, RpcOptions {
  readonly at?: string | undefined
  readonly answer?: string | undefined
  readonly tx?: string | undefined
  readonly facilitatorAddress?: string | undefined
  readonly block?: string | undefined
  readonly timeout: number
  readonly snapshot?: string | undefined
  readonly saveSnapshot?: string | undefined
}
