import { readFileSync } from 'node:fs'
import { ethers } from 'ethers'
import * as fc from 'fast-check'
import { english } from 'viem/accounts'
import { expect, test } from 'vitest'
import { catalogue } from '../causes/catalogue.ts'
import { findKnownForms, withoutKnownForms } from './known-forms.ts'
import { mnemonicWords } from './mnemonic-words.ts'

// Put together here, so that no scanner of secrets takes this file for one.
const of = (prefix: string, rest: string): string => `${prefix}${rest}`
const letters = 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vWx2Yz'

const tokens = [
  of('ghp_', letters),
  of('gho_', letters),
  of('github_pat_', `11ABCDEFG0_${letters}${letters}`),
  of('glpat-', letters.slice(0, 20)),
  of('npm_', letters),
  of('sk_live_', 'ABC123'),
  of('sk_test_', letters),
  of('rk_live_', letters),
  of('whsec_', letters),
  of('sk-', letters),
  of('sk-proj-', letters),
  of('sk-ant-api03-', letters),
  of('hf_', letters),
  of('AKIA', 'IOSFODNN7EXAMPLE'),
  of('ASIA', 'IOSFODNN7EXAMPLE'),
  of('wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY'),
  of('xoxb-', '123456789012-abcdefABCDEF'),
  of('AIza', 'SyA1234567890abcdefghijklmnopqrstuv'),
  of('ya29.', letters),
  of('GOCSPX-', letters),
  of('SG.', `${letters.slice(0, 22)}.${letters}`),
  of('pim_', letters.slice(0, 22)),
  of('xprv', '9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi'),
  of('5', 'HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ'),
]

test('a token is covered wherever it stands, and what stands around it stays', () => {
  for (const token of tokens) {
    for (const [before, after] of [
      ['', ''],
      ['network ', ' is not known'],
      ['{"scheme":"', '"}'],
      ['bad key ', '.'],
      ['a=', ';b=1'],
    ] as const) {
      expect(withoutKnownForms(`${before}${token}${after}`), token).toBe(`${before}***${after}`)
      expect(findKnownForms(`${before}${token}${after}`), token).toEqual([token])
    }
  }
})

test('the words are those of BIP-39', () => {
  expect([...mnemonicWords]).toEqual(english)
})

test('a recovery phrase of any length is covered, also with a slip in it, and in every way to write it down', () => {
  for (const bytes of [16, 20, 24, 28, 32]) {
    for (let seed = 1; seed < 20; seed++) {
      const entropy = Uint8Array.from({ length: bytes }, (_, index) => (seed * 71 + index * index * 37) & 0xff)
      const words = ethers.Mnemonic.fromEntropy(entropy).phrase.split(' ')
      const misspelled = words.with(3, `${words[3]?.slice(0, 2)}xq`)
      for (const text of [
        words.join(' '),
        words.join(' ').toUpperCase(),
        words.join(', '),
        words.join('\n'),
        JSON.stringify(words),
        words.map((word, index) => `${index + 1}. ${word}`).join('\n'),
        misspelled.join(' '),
      ]) {
        const out = withoutKnownForms(`wallet: ${text} (mine)`)
        for (const word of words.slice(4)) expect(out.toLowerCase(), text).not.toMatch(new RegExp(`\\b${word}\\b`))
        expect(out).toMatch(/^wallet: .*\(mine\)$/s)
      }
      // A field that is shown is cut at 80 characters.
      const cut = withoutKnownForms(`network "${words.join(' ').slice(0, 79)}…" is not known`)
      expect(words.filter((word) => cut.includes(` ${word} `)).length).toBeLessThan(4)
    }
  }
  expect(withoutKnownForms(`${'test '.repeat(11)}junk`)).toBe('***')
})

test('nothing of our own prose, nor of what payments and chains say, is taken for a secret', () => {
  const files = [
    'README.md',
    'CHANGELOG.md',
    'CONVENTIONS.md',
    'docs/causes.md',
    'docs/svm-facilitators.md',
    'docs/reference-facilitator.md',
  ]
  const prose = [
    ...files.map((file) => readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8')),
    ...Object.values(catalogue).map((entry) => JSON.stringify(entry)),
    'execution reverted: FiatTokenV2: invalid signature',
    'TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)',
    'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v and TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
    '/Users/anna/Projects/Payments2026/Incidents/MayCases1',
    `0x${'8b86b6af130738cdf19c1c3aa244e75c882f2da1d078de0b1fd6b7fcf49b181e'}`,
    '833589fcd6edb6e08f4c7c32d4f71b54bda02913',
  ]
  for (const text of prose) expect(withoutKnownForms(text) === text ? '' : differing(text, withoutKnownForms(text))).toBe('')
})

function differing(before: string, after: string): string {
  const at = [...before].findIndex((character, index) => character !== after[index])
  return before.slice(Math.max(0, at - 40), at + 80)
}

test('once is enough', () => {
  const piece = fc.oneof(
    fc.constantFrom(...tokens, ...english.slice(0, 30)),
    fc.constantFrom(' ', '\n', '*', '-', '"', ', ', '=', '/'),
    fc.string({ maxLength: 5 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const out = withoutKnownForms(pieces.join(''))
      expect(withoutKnownForms(out)).toBe(out)
    }),
  )
})
