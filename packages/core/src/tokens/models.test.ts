import { toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { catalogue, isCauseId } from '../causes/catalogue.ts'
import { canonicalSignature } from '../revert/abi.ts'
import { errorTable } from '../revert/error-table.ts'
import { decodeRevert } from '../revert/revert.ts'
import { callsOf, payeeRefusal, sayWords, wordsFor } from './ask-model.ts'
import { blacklistSelectors, pauseSelectors } from './model.ts'
import { modelOf, tokenFamilies, tokenModels } from './models.ts'
import { readSequentialNonce } from './sequence.ts'

const calls = tokenFamilies.flatMap((family) => callsOf(family))

test('there are as many as are known', () => {
  expect(tokenFamilies).toHaveLength(12)
  expect(calls.length).toBeGreaterThan(30)
})

test('every call has words for each of its checks, and no words besides', () => {
  for (const { call } of calls) expect(Object.keys(call.words).sort()).toEqual([...call.order].sort())
})

test('every custom error is one that is decoded, and every string', () => {
  const declared = new Set(Object.values(errorTable).map(({ declaration }) => canonicalSignature(declaration)))
  const errors = new Set(calls.flatMap(({ call }) => Object.values(call.words).flatMap((words) => ('error' in words ? [words.error] : []))))
  const strings = new Set(calls.flatMap(({ call }) => Object.values(call.words).flatMap((words) => ('text' in words ? [words.text] : []))))
  expect([...errors].filter((error) => !declared.has(error))).toEqual([])
  expect(errors.size).toBeGreaterThan(20)
  expect([...strings].filter((text) => !('known' in decodeRevert(text)))).toEqual([])
  expect(strings.size).toBeGreaterThan(20)
})

test("a cause's page has the words of every token that states it as a fact", () => {
  const missing: string[] = []
  let looked = 0
  for (const { call } of calls) {
    for (const words of Object.values(call.words)) {
      const said = sayWords(words)
      const cause = said === undefined ? undefined : decodeRevert('text' in words ? said : toFunctionSelector(said)).cause
      if (said === undefined || cause === undefined || !isCauseId(cause)) continue
      looked++
      const page: readonly string[] = catalogue[cause].reports.token
      if (!page.some((text) => said === text || said.startsWith(`${text}(`))) missing.push(`${cause}: ${said}`)
    }
  }
  expect([...new Set(missing)]).toEqual([])
  expect(looked).toBeGreaterThan(60)
})

test('selectors are those of the functions', () => {
  for (const [name, selector] of Object.entries({ ...blacklistSelectors })) expect(toFunctionSelector(`${name}(address)`)).toBe(selector)
  for (const [name, selector] of Object.entries(pauseSelectors)) expect(toFunctionSelector(`${name}()`)).toBe(selector)
})

describe('what a model tells', () => {
  test.each([
    ['FiatTokenV2_2', 'zero', 'ERC20: transfer to the zero address'],
    ['FiatTokenV2_2', 'itself', 'Blacklistable: account is blacklisted'],
    ['FiatTokenV2', 'itself', undefined],
    ['UChildAdministrableERC20', 'itself', undefined],
    ['TetherTokenV2', 'itself', 'TetherToken: transfer to the contract address'],
    ['PaxosTokenV2', 'zero', 'ZeroAddress()'],
    ['PaxosTokenV2', 'itself', undefined],
    ['AgoraDollar', 'zero', undefined],
    ['ERC3009', 'zero', 'ERC20InvalidReceiver(address)'],
    ['ERC3009', 'itself', undefined],
  ] as const)('%s answers to %s as payee: %s', (family, payee, says) => {
    expect(payeeRefusal(family, payee)?.says).toBe(says)
  })

  test("the words of a check, where all of a family's calls word it so", () => {
    expect(wordsFor('TetherTokenV2', 'signature')).toBe('TetherToken: invalid signature')
    expect(wordsFor('TetherTokenV2', 'before')).toBeUndefined()
    expect(wordsFor('ERC20TransferAuthorization', 's')).toBeUndefined()
    expect(wordsFor('ERC20TransferAuthorization', 's', { overload: 'vrs' })).toBe('ECDSAInvalidSignatureS(bytes32)')
  })

  test('that all comparisons with time are strict', () => {
    for (const model of Object.values(tokenModels)) expect(model.boundaries).toEqual({ validAfter: 'excluded', validBefore: 'excluded' })
    expect(modelOf('ERC3009').clock).toBe('time-or-block')
  })
})

test.each([
  [`0x${'ab'.repeat(24)}${'00'.repeat(8)}`, 0n, true],
  [`0x${'ab'.repeat(24)}${'00'.repeat(7)}05`, 5n, true],
  [`0x${'00'.repeat(32)}`, 0n, true],
  [`0x${'ab'.repeat(32)}`, 0xababababababababn, false],
] as const)('the nonce %s has turn %s', (nonce, turn, reachable) => {
  expect(readSequentialNonce(nonce)).toMatchObject({ turn, reachable })
})
