import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { proxySlots, word } from './fiat-token.ts'
import { setStorage } from './place-token.ts'
import { type Anvil, AnvilRefusal } from './start-anvil.ts'

/** A question to a view function, and what it should answer. */
export interface WantedAnswer {
  readonly to: Address
  readonly data: Hex
  readonly wanted: boolean | bigint | Hex
  /** For the error: `the payer's balance`. */
  readonly what: string
}

/** Where proxies keep their own two addresses: changing those would change the answer to everything. EIP-1967's slots beside zeppelinos's. */
const ofProxies: ReadonlySet<string> = new Set<string>([
  ...Object.values(proxySlots),
  '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
  '0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103',
  '0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50',
])

const topBit = 1n << 255n

/**
 * Changes one slot of storage so that a view function answers what is wanted. Which slot that is, the function itself shows: it is among those
 * that it reads. So no token's layout is taken for granted, and what else is packed into the slot stays as it is.
 * @throws Eip3009Error `unsupported-input` when no single slot does it.
 */
export async function makeAnswer(anvil: Anvil, { to, data, wanted, what }: WantedAnswer): Promise<void> {
  const target = typeof wanted === 'string' ? wanted : word(typeof wanted === 'bigint' ? wanted : wanted ? 1n : 0n)
  const answer = (): Promise<Hex | undefined> => ask(anvil, to, data)
  const now = await answer()
  if (now === target) return
  if (now === undefined || now.length !== 66) throw cannot(what, 'the token has no such function')
  const { accessList } = (await anvil.request('eth_createAccessList', [{ to, data }, 'latest'])) as {
    readonly accessList: readonly { readonly address: Address; readonly storageKeys: readonly Hex[] }[]
  }
  // The token's own storage first: other contracts are asked about other things too.
  const contracts = [...accessList].sort((a, b) => Number(sameAddress(b.address, to)) - Number(sameAddress(a.address, to)))
  for (const { address, storageKeys } of contracts) {
    for (const slot of storageKeys.filter((key) => !ofProxies.has(key))) {
      const held = (await anvil.request('eth_getStorageAt', [address, slot, 'latest'])) as Hex
      // 32 bytes of a hash stand nowhere by chance: only where the answer is kept as it is can another be put.
      if (typeof wanted === 'string' && held !== now) continue
      for (const value of variants(BigInt(held), wanted)) {
        await anvil.batch([setStorage(address, slot, word(value))])
        if ((await answer()) === target) return
      }
      await anvil.batch([setStorage(address, slot, word(BigInt(held)))])
    }
  }
  throw cannot(what, `none of the ${contracts.flatMap((each) => each.storageKeys).length} slots that decide it can be set to that alone`)
}

/** What a slot may have to hold, the least change first: a flag is one bit wherever it was packed, and a balance may have one above it. */
function variants(held: bigint, wanted: boolean | bigint | Hex): bigint[] {
  if (typeof wanted === 'string') return [BigInt(wanted)]
  if (typeof wanted === 'bigint') return wanted < topBit ? [(held & topBit) | wanted, wanted] : [wanted]
  const bits = [...Array.from({ length: 32 }, (_, byte) => 8n * BigInt(byte)), 255n]
  return [...bits.map((bit) => held ^ (1n << bit)), wanted ? 1n : 0n]
}

/** Far more than any view function needs; without it a string whose length was overwritten is read for 15 s. */
const viewGas = '0xf4240'

/** The answer to a view call; undefined when it reverts. */
export async function ask(anvil: Anvil, to: Address, data: Hex): Promise<Hex | undefined> {
  try {
    return (await anvil.request('eth_call', [{ to, data, gas: viewGas }, 'latest'])) as Hex
  } catch (error) {
    // anvil tells a revert by an error too, and what it could not read from the chain that it forks by another.
    if (error instanceof AnvilRefusal && /revert|out of ?gas|EVM error/i.test(error.words)) return undefined
    throw error
  }
}

function cannot(what: string, why: string): Eip3009Error {
  return new Eip3009Error('unsupported-input', `On this token a replay can not change ${what}: ${why}.`)
}
