import { sameAddress } from '../bytes/address.ts'
import type { Address } from '../bytes/hex.ts'
import type { PaymentRail } from './rail.ts'

/** A contract that collects payments by `receiveWithAuthorization` for somebody else: what is signed to it is a ReceiveWithAuthorization that only it can use. */
export interface Collector {
  readonly address: Address
  readonly label: string
  readonly rail: Extract<PaymentRail, 'auth-capture' | 'batch-settlement'>
  readonly source: string
}

const source = 'constants of @x402/evm 2.27.0'

const collectors = [
  {
    address: '0x8612dfdc421f80336cd14E8EF9cb1E765dB5ab88',
    label: "auth-capture's token collector, version 1.1",
    rail: 'auth-capture',
    source,
  },
  {
    address: '0x0E3dF9510de65469C4518D7843919c0b8C7A7757',
    label: "auth-capture's token collector, version 1.0",
    rail: 'auth-capture',
    source,
  },
  {
    address: '0x4020806089470a89826cB9fB1f4059150b550004',
    label: "batch-settlement's deposit collector",
    rail: 'batch-settlement',
    source,
  },
] as const satisfies readonly Collector[]

export function findCollector(address: Address): Collector | undefined {
  return collectors.find((each) => sameAddress(each.address, address))
}
