import { diagnose, type EvmDiagnoseOptions, type EvmDiagnosis, type EvmPayment, readEvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { type Address, encodeAbiParameters, encodeFunctionData, type Hex, numberToHex, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, now, openWorld, payee, payer, payment, relayer, settle, stranger, value, type World } from './chain-world.ts'

const token = base.usdc.address
let world: World
let snapshot: unknown
beforeAll(async () => {
  world = await openWorld()
})
beforeEach(async () => {
  if (snapshot !== undefined) await world.request('evm_revert', snapshot)
  snapshot = await world.request('evm_snapshot')
})
afterAll(() => world[Symbol.asyncDispose]())

const ask = (paid: EvmPayment, options: Partial<EvmDiagnoseOptions> = {}): Promise<EvmDiagnosis> =>
  diagnose(paid, { now: now + 1n, chains: [chainReader(world.url)], ...options })

/** What the token answers to a call; `settles` where it takes it. */
async function tokenSays(from: Address, data: Hex, gas?: bigint): Promise<string> {
  try {
    await world.request('eth_call', { from, to: token, data, ...(gas === undefined ? {} : { gas: numberToHex(gas) }) }, 'latest')
    return 'settles'
  } catch (error) {
    return String(error)
  }
}

/** Code in front of other code, which refuses whoever is given with these words and passes everything else on. */
function guarding(refused: Address, words: string, inner: Address): Hex {
  const error = `08c379a0${encodeAbiParameters([{ type: 'string' }], [words]).slice(2)}`
  const size = error.length / 2
  const pass = `365f5f375f5f365f73${inner.slice(2)}5af43d5f5f3e`
  // CALLER EQ, then: pass on, return or revert with what came back; or the error, which stands behind the code.
  const head = `73${refused.slice(2)}3314`
  const start = head.length / 2 + 3
  const ok = start + pass.length / 2 + 3 + 3
  const no = ok + 4
  const end = no + 13
  const byte = (at: number): string => at.toString(16).padStart(2, '0')
  const code = `${head}60${byte(no)}57${pass}60${byte(ok)}573d5ffd5b3d5ff35b61${size.toString(16).padStart(4, '0')}60${byte(end)}5f3961${size.toString(16).padStart(4, '0')}5ffd`
  if (code.length / 2 !== end) throw new TypeError(`the code is ${code.length / 2} bytes, not ${end}`)
  return `0x${code}${error}`
}

describe('a relayer that the token has blocked', () => {
  // Tether's modifier, and what Coinbase's bridged tokens say in Circle's words.
  it.each(['Blocked: msg.sender is blocked', 'Blacklistable: account is blacklisted'])('by the words %j', async (words) => {
    const inner: Address = '0x00000000000000000000000000000000000000C0'
    await world.setCode(inner, (await world.request('eth_getCode', token, 'latest')) as Hex)
    await world.setCode(token, guarding(relayer, words, inner))
    const paid = await payment()
    expect(await tokenSays(relayer, settle(paid))).toContain(words)
    expect(await tokenSays(stranger.address, settle(paid))).toBe('settles')
    const diagnosis = await ask(paid, { facilitator: relayer })
    expect(diagnosis).toMatchObject({
      verdict: 'fails',
      cause: 'relayer-blocked',
      party: 'facilitator',
      proof: 'proven',
      contradictions: [],
    })
    expect(diagnosis.money.state).toBe('can-move')
    for (const each of [stranger, payer]) await world.request('anvil_setBalance', each.address, numberToHex(10n ** 20n))
    expect(await ask(paid, { facilitator: stranger.address })).toMatchObject({ verdict: 'settles' })
    // Of what is refused from everybody the relayer is no cause.
    const poor = await payment({ from: stranger.address, signer: stranger })
    expect((await ask(poor, { facilitator: payer.address })).cause).toBe('insufficient-balance')
  })
})

describe('too little gas for the code of the payer', () => {
  const wallet: Address = '0x00000000000000000000000000000000000000C1'
  /** A wallet that counts down before it answers ERC-1271's magic value: 26 gas a round. */
  const burning = (gas: number): Hex =>
    `0x61${Math.floor(gas / 26)
      .toString(16)
      .padStart(4, '0')}5b600190038060035750631626ba7e60e01b60005260206000f3`

  it.each([
    [300_000, 150_000n, 600_000n],
    [300_000, 350_000n, 600_000n],
    [430_000, 500_000n, 600_000n],
  ])('a check of %d gas under a limit of %d: is the limit, and with %d it settles', async (burns, limit, enough) => {
    await world.setCode(wallet, burning(burns))
    const transfer = encodeFunctionData({
      abi: parseAbi(['function transfer(address, uint256)']),
      functionName: 'transfer',
      args: [wallet, value],
    })
    await world.send(payer.address, token, transfer)
    const data = settle(await payment({ from: wallet, signer: stranger }))
    expect(await tokenSays(relayer, data, limit)).toContain('FiatTokenV2: invalid signature')
    expect(await tokenSays(relayer, data, enough)).toBe('settles')
    const sent = async (gas: bigint): Promise<EvmPayment> =>
      readEvmPayment(
        await privateKeyToAccount(`0x${'33'.repeat(32)}`).signTransaction({
          type: 'eip1559',
          chainId: 8453,
          nonce: 0,
          to: token,
          data,
          gas,
          maxFeePerGas: 1n,
          maxPriorityFeePerGas: 1n,
        }),
      )
    expect(await ask(await sent(limit))).toMatchObject({
      verdict: 'fails',
      cause: 'facilitator-gas-limit',
      party: 'facilitator',
      proof: 'proven',
      money: { state: 'can-move' },
    })
    expect(await ask(await sent(enough))).toMatchObject({ verdict: 'settles', findings: [] })
  })
})

describe('a payee that is a contract', () => {
  it('which had no part in what paid it: the payment is paid, and may be credited to nobody', async () => {
    await world.setCode(payee, '0x6001600155')
    const paid = await payment()
    const hash = await world.send(stranger.address, token, settle(paid))
    const diagnosis = await ask(paid, { facilitator: relayer })
    expect(diagnosis).toMatchObject({
      cause: 'executed-by-third-party',
      money: { state: 'moved' },
      settlement: { transaction: hash, transferred: true },
    })
    const found = diagnosis.findings.find(({ cause }) => cause === 'payee-contract-not-credited')
    expect(found).toMatchObject({ party: 'server', severity: 'warning', seen: payee })
    expect(JSON.stringify(found)).toContain(hash)
  })

  it('which may be a wallet: no more than worth knowing where the facilitator sent it', async () => {
    await world.setCode(payee, '0x6001600155')
    const paid = await payment()
    await world.send(relayer, token, settle(paid))
    const { findings, cause } = await ask(paid, { facilitator: relayer })
    expect(cause).toBe('authorization-used')
    expect(findings.find((each) => each.cause === 'payee-contract-not-credited')?.severity).toBe('info')
  })

  it('which forwarded it, or is none: nothing is said', async () => {
    // A contract that logs whatever it is called with and passes it on to the token.
    await world.setCode(payee, `0x365f5f37365fa05f5f365f5f73${token.slice(2)}5af1`)
    const [first, second] = [await payment(), await payment({ nonce: `0x${'cd'.repeat(32)}` })]
    await world.send(relayer, payee, settle(first))
    expect((await ask(first)).settlement?.transferred).toBe(true)
    expect((await ask(first)).findings.map(({ cause }) => cause)).not.toContain('payee-contract-not-credited')
    await world.setCode(payee, '0x')
    await world.send(relayer, token, settle(second))
    expect((await ask(second)).findings.map(({ cause }) => cause)).not.toContain('payee-contract-not-credited')
  })
})
