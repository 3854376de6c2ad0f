import { type OtherChainId, otherChains } from '../networks/other-chains.ts'

/** A way in which payments are made: what its payments carry, and who settles them. */
export interface Rail {
  /** "an x402 payment by Permit2": after "Read". */
  readonly what: string
  /**
   * `judged`: the token settles it by its own function, and that is judged here; `carried`: the same message, but settled by others than the
   * token or under more conditions than the token's, so that no more than what is signed can be judged; `none`: nothing of EIP-3009.
   */
  readonly eip3009: 'judged' | 'carried' | 'none'
  readonly source: string
}

const x402Evm = '@x402/evm 2.27.0'

const schemes = {
  eip3009: { what: 'an EIP-3009 authorization', eip3009: 'judged', source: 'EIP-3009' },
  'x402-exact': { what: 'an x402 payment of the scheme "exact"', eip3009: 'judged', source: "x402's specification, scheme_exact_evm.md" },
  'circle-gateway': {
    what: 'an x402 payment through Circle Gateway',
    eip3009: 'carried',
    source: 'npm @circle-fin/x402-batching 3.3.0: BatchEvmScheme signs the same message under GatewayWalletBatched, version 1',
  },
  'mpp-charge': {
    what: 'an MPP credential of the method evm',
    eip3009: 'carried',
    source: 'npm mppx 0.11.0, evm/server/Charge.js; draft-evm-charge-00',
  },
  'auth-capture': {
    what: 'an x402 payment of the scheme "auth-capture", to the escrow\'s token collector',
    eip3009: 'carried',
    source: `${x402Evm}, auth-capture/client: ReceiveWithAuthorization to a collector, nonce from the payment's terms`,
  },
  'batch-settlement': {
    what: 'an x402 payment of the scheme "batch-settlement"',
    eip3009: 'carried',
    source: `${x402Evm}, batch-settlement: a deposit is a ReceiveWithAuthorization to the deposit collector; vouchers are not`,
  },
  escrow: {
    what: 'an x402 payment into an escrow',
    eip3009: 'carried',
    source: 'x402r and x402-escrow: ReceiveWithAuthorization to a token collector, nonce from the payment info',
  },
  'settlement-router': {
    what: 'an x402 payment through a settlement router (x402x)',
    eip3009: 'carried',
    source: 'x402-exec: extra.settlementRouter; the nonce is a commitment to all parameters ("X402/settle/v1")',
  },
  'permit2-exact': {
    what: 'an x402 payment by Permit2 (permit2Authorization), which moves tokens by another contract and another signature',
    eip3009: 'none',
    source: `${x402Evm}, exact: ExactPermit2Payload`,
  },
  'permit2-upto': {
    what: 'an x402 payment of the scheme "upto", which x402 settles by Permit2',
    eip3009: 'none',
    source: `${x402Evm}, upto: UptoPermit2Payload`,
  },
  erc7710: { what: 'an x402 payment by an ERC-7710 delegation', eip3009: 'none', source: "x402's specification, scheme_exact_evm.md" },
  'eip2612-permit': {
    what: 'an EIP-2612 permit (owner, spender, deadline), which gives an allowance and moves no money itself',
    eip3009: 'none',
    source: 'npm @b3dotfun/anyspend-x402 0.2.9, authorizationType permit',
  },
  deferred: {
    what: 'an x402 payment of the scheme "deferred", a signed voucher or an HTTP signature',
    eip3009: 'none',
    source: "Cloudflare's deferred scheme; coinbase/x402 pull request 426",
  },
  'other-scheme': { what: 'an x402 payment of a scheme that is not known here', eip3009: 'none', source: 'the payload itself' },
  'mpp-other': {
    what: 'an MPP credential of another method than evm',
    eip3009: 'none',
    source: 'npm mppx 0.11.0: the methods tempo and stripe, and what others register',
  },
  solana: {
    what: 'an x402 payment on Solana, which carries a Solana transaction and no EIP-3009 authorization',
    eip3009: 'none',
    source: "x402's specification, scheme_exact_svm.md",
  },
  'other-chain': {
    what: 'an x402 payment on a network outside the EVM and Solana',
    eip3009: 'none',
    source: 'CAIP-2: its namespace is neither eip155 nor solana',
  },
} as const satisfies Record<string, Rail>

export type RailId = keyof typeof schemes | OtherChainId

/** Rails that have EIP-3009 in them: a `Payment` is always of one of these. */
export type PaymentRail = {
  [Id in keyof typeof schemes]: (typeof schemes)[Id]['eip3009'] extends 'none' ? never : Id
}[keyof typeof schemes]

function chainRails(): Record<OtherChainId, Rail> {
  return Object.fromEntries(
    otherChains.map(({ id, label, carries, source }): [OtherChainId, Rail] => [
      id,
      { what: `an x402 payment on ${label}, which carries ${carries}`, eip3009: 'none', source },
    ]),
  ) as Record<OtherChainId, Rail>
}

/** Every rail that is known, by its id. */
export const rails: Readonly<Record<RailId, Rail>> = { ...schemes, ...chainRails() }
