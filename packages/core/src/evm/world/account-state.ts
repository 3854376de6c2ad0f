import type { Address, Hex } from '../../bytes/hex.ts'
import { setCode, setStorage } from './place-token.ts'
import type { Anvil } from './start-anvil.ts'

/** An account at one moment: of its storage only the slots that somebody asked for. */
export interface AccountState {
  readonly code: Hex
  /** Wei. */
  readonly balance: Hex
  readonly nonce: Hex
  readonly storage: Readonly<Record<Hex, Hex>>
}

export type AccountStates = Readonly<Record<Address, AccountState>>

/** Accounts, in lower case, and slots of them. */
export type Touched = Map<Address, Set<Hex>>

export function touch(touched: Touched, address: string, slots: readonly string[]): void {
  const key = address.toLowerCase() as Address
  const known = touched.get(key) ?? new Set()
  for (const slot of slots) known.add(slot as Hex)
  touched.set(key, known)
}

type Traced = Readonly<Record<string, { readonly storage?: Readonly<Record<string, Hex>> }>>

/** Notes everything that a mined transaction looked at. */
export async function touchRead(anvil: Anvil, touched: Touched, hash: Hex): Promise<void> {
  const read = (await anvil.request('debug_traceTransaction', [hash, { tracer: 'prestateTracer' }])) as Traced
  for (const [address, { storage = {} }] of Object.entries(read)) touch(touched, address, Object.keys(storage))
}

/** Notes everything that a mined transaction changed. */
export async function touchChanged(anvil: Anvil, touched: Touched, hash: Hex): Promise<void> {
  const tracer = { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }
  const { pre, post } = (await anvil.request('debug_traceTransaction', [hash, tracer])) as { readonly pre: Traced; readonly post: Traced }
  // A slot that became zero is only before, one that was zero only after.
  for (const side of [pre, post]) {
    for (const [address, { storage = {} }] of Object.entries(side)) touch(touched, address, Object.keys(storage))
  }
}

/** What has been touched, as it is in the newest block. */
export async function readAccounts(anvil: Anvil, touched: Touched): Promise<AccountStates> {
  const states: Record<Address, AccountState> = {}
  for (const [address, slots] of touched) states[address] = await readAccount(anvil, address, [...slots])
  return states
}

async function readAccount(anvil: Anvil, address: Address, slots: readonly Hex[]): Promise<AccountState> {
  const [code, balance, nonce, ...values] = (await anvil.batch([
    { method: 'eth_getCode', params: [address, 'latest'] },
    { method: 'eth_getBalance', params: [address, 'latest'] },
    { method: 'eth_getTransactionCount', params: [address, 'latest'] },
    ...slots.map((slot) => ({ method: 'eth_getStorageAt', params: [address, slot, 'latest'] })),
  ])) as [Hex, Hex, Hex, ...Hex[]]
  return { code, balance, nonce, storage: Object.fromEntries(slots.map((slot, index) => [slot, values[index] ?? '0x'])) }
}

/** Makes accounts what they were elsewhere, or at another moment, without a block. */
export async function placeAccounts(anvil: Anvil, states: AccountStates): Promise<void> {
  for (const [address, { code, balance, nonce, storage }] of Object.entries(states) as [Address, AccountState][]) {
    const own = await anvil.request('eth_getCode', [address, 'latest'])
    await anvil.batch([
      ...(code === own ? [] : [setCode(address, code)]),
      { method: 'anvil_setBalance', params: [address, balance] },
      { method: 'anvil_setNonce', params: [address, nonce] },
      ...Object.entries(storage).map(([slot, value]) => setStorage(address, slot as Hex, value)),
    ])
  }
}
