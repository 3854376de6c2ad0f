import type { Address } from '../bytes/hex.ts'

/** A contract that is no token but whose EIP-712 domain turns up in payments. */
export interface OtherContract {
  readonly label: string
  readonly address: Address
  readonly name: string
  readonly version: string
  readonly testnet: boolean
  /** What it is for, and why a token refuses what was signed for it. */
  readonly note: string
  readonly source: string
}

const gatewayNote =
  "Circle Gateway's wallet takes the same TransferWithAuthorization message under its own domain and settles it in batches; a signature for it is worth nothing to USDC itself."

export const otherContracts = [
  {
    label: 'Circle Gateway wallet',
    address: '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE',
    name: 'GatewayWalletBatched',
    version: '1',
    testnet: false,
    note: gatewayNote,
    source: "Circle's Gateway documents and its x402 facilitator's /supported, checked 2026-11",
  },
  {
    label: 'Circle Gateway wallet of the testnets',
    address: '0x0077777d7EBA4688BDeF3E311b846F25870A19B9',
    name: 'GatewayWalletBatched',
    version: '1',
    testnet: true,
    note: gatewayNote,
    source: "Circle's Gateway documents, checked 2026-11",
  },
] as const satisfies readonly OtherContract[]
