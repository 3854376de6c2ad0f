import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { toHex } from '../../bytes/bytes.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import type { Payment } from '../payment/payment.ts'
import { type Eip712Domain, presentFields } from '../typed-data/domain.ts'
import type { Edit } from './edit.ts'
import type { GeneratorId } from './generators.ts'
import type { DigestInput, DigestPart, Likelihood } from './hypothesis.ts'
import type { Kernel } from './kernel/recoverer.ts'
import { changedAuthorization } from './message-parts.ts'

const typedDataPrefix = new Uint8Array([0x19, 0x01])

/** What a wallet signs by EIP-712. */
export function typedDigest(separator: Uint8Array, structHash: Uint8Array): Uint8Array {
  return keccak256(concatBytes(typedDataPrefix, separator, structHash))
}

/** What `personal_sign` signs, and `eth_sign` since 2016: EIP-191's version 0x45. */
export function personalDigest(message: Uint8Array): Uint8Array {
  return keccak256(prefixed(message))
}

function prefixed(message: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes(`\x19Ethereum Signed Message:\n${message.length}`), message)
}

const utf8Hex = (bytes: Uint8Array): Uint8Array => utf8ToBytes(toHex(bytes))
const bareHex = (bytes: Uint8Array): Uint8Array => utf8ToBytes(toHex(bytes).slice(2))
const standard = ({ separator, structHash }: DigestInput): Uint8Array => typedDigest(separator, structHash)
const packed = ({ separator, structHash }: DigestInput): Uint8Array => concatBytes(typedDataPrefix, separator, structHash)

function part(
  generator: GeneratorId,
  likelihood: Likelihood,
  how: string,
  message: DigestPart['message'],
  hash: DigestPart['hash'] = 'keccak256',
): DigestPart {
  return { generator, likelihood, how, message, hash }
}

/** The digest of one hypothesis. */
export function digestBy({ message, hash }: DigestPart, input: DigestInput): Uint8Array {
  const bytes = message(input)
  return hash === 'none' ? bytes : hash === 'sha256' ? sha256(bytes) : keccak256(bytes)
}

/** The digests of many, 32 bytes each. */
export function digestsBy(inputs: readonly (DigestInput & { readonly digest: DigestPart })[], kernel: Kernel): Uint8Array {
  const messages = inputs.map((input) => input.digest.message(input))
  const digests = kernel.hashTexts(messages.filter((_, index) => inputs[index]?.digest.hash === 'keccak256'))
  if (digests.length === 32 * inputs.length) return digests
  const out = new Uint8Array(32 * inputs.length)
  let next = 0
  inputs.forEach(({ digest: { hash } }, index) => {
    const message = messages[index] ?? new Uint8Array()
    if (hash === 'keccak256') {
      out.set(digests.subarray(32 * next, 32 * next + 32), 32 * index)
      next += 1
    } else out.set(hash === 'none' ? message : sha256(message), 32 * index)
  })
  return out
}

/** Other ways from the two hashes to what was signed; each costs as much as a digest. */
export const digestParts: readonly DigestPart[] = [
  part('personal-sign', 1, 'personal_sign of the digest', (input) => prefixed(standard(input))),
  part('personal-sign', 1, "personal_sign of the digest's text, 0x and 64 digits", (input) => prefixed(utf8Hex(standard(input)))),
  part('personal-sign', 2, "personal_sign of the digest's text without 0x", (input) => prefixed(bareHex(standard(input)))),
  part('personal-sign', 2, 'personal_sign of 0x1901, separator and struct hash', (input) => prefixed(packed(input))),
  part('personal-sign', 2, 'personal_sign of the struct hash', ({ structHash }) => prefixed(structHash)),
  part('personal-sign', 3, "personal_sign of the struct hash's text", ({ structHash }) => prefixed(utf8Hex(structHash))),
  part('personal-sign', 3, 'personal_sign of the text of 0x1901, separator and struct hash', (input) => prefixed(utf8Hex(packed(input)))),
  part('prefix-missing', 1, 'separator and struct hash hashed without 0x1901 in front', ({ separator, structHash }) =>
    concatBytes(separator, structHash),
  ),
  part('prefix-missing', 2, 'the struct hash alone', ({ structHash }) => structHash, 'none'),
  part('prefix-missing', 3, 'the struct hash and separator in the reverse order', ({ separator, structHash }) =>
    concatBytes(typedDataPrefix, structHash, separator),
  ),
  part('prefix-missing', 3, '0x1900 in place of 0x1901', ({ separator, structHash }) =>
    concatBytes(new Uint8Array([0x19, 0x00]), separator, structHash),
  ),
  part('prefix-missing', 3, 'the text of 0x1901, separator and struct hash', (input) => utf8Hex(packed(input))),
  part('hashed-again', 1, 'the Keccak-256 hash of the digest', standard),
  part('hashed-again', 1, 'the SHA-256 hash of the digest, as signers make that hash what they are given', standard, 'sha256'),
  part('hashed-again', 2, "the Keccak-256 hash of the digest's text", (input) => utf8Hex(standard(input))),
  part('hashed-again', 2, 'the SHA-256 hash of 0x1901, separator and struct hash', packed, 'sha256'),
]

const domainTypes = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address', salt: 'bytes32' } as const

interface JsonForm {
  readonly how: string
  readonly text: (input: DigestInput) => string
}

/** How people turn the typed data, or the message, into text: key order, numbers or strings, case of addresses, indentation. */
function* jsonForms(payment: Payment): Generator<JsonForm> {
  const message = ({ struct }: DigestInput, numbers: boolean, lower: boolean): Record<string, string | number> => {
    const { from, to, value, validAfter, validBefore, nonce } = changedAuthorization(payment.authorization, struct.changes)
    const address = (text: string): string => (lower ? text.toLowerCase() : text)
    const number = (each: bigint): string | number => (numbers ? Number(each) : String(each))
    return {
      from: address(from),
      to: address(to),
      value: number(value),
      validAfter: number(validAfter),
      validBefore: number(validBefore),
      nonce,
    }
  }
  for (const indent of [0, 2]) {
    const print = (value: unknown): string => JSON.stringify(value, undefined, indent)
    const spaced = indent === 0 ? '' : ', indented'
    // Indented text is for people to read: it comes from one printer only.
    for (const numbers of indent === 0 ? [false, true] : [false]) {
      for (const lower of indent === 0 ? [false, true] : [false]) {
        const written = `${numbers ? ', numbers unquoted' : ''}${lower ? ', addresses in lower case' : ''}${spaced}`
        yield { how: `the message as JSON${written}`, text: (input) => print(message(input, numbers, lower)) }
        yield {
          how: `the message under "authorization" as JSON${written}`,
          text: (input) => print({ authorization: message(input, numbers, lower) }),
        }
        for (const [keys, withDomainType] of typedDataKeys) {
          yield {
            how: `the typed data as JSON${withDomainType ? '' : ' without EIP712Domain'}, keys ${keys.join(', ')}${written}`,
            text: (input) => {
              const parts = typedDataParts(input, lower, withDomainType)
              return print(Object.fromEntries(keys.map((key) => [key, key === 'message' ? message(input, numbers, lower) : parts[key]])))
            },
          }
        }
      }
    }
  }
}

const typedDataKeys: readonly (readonly [readonly ('types' | 'domain' | 'primaryType' | 'message')[], boolean])[] = [
  [['types', 'domain', 'primaryType', 'message'], true],
  [['domain', 'types', 'primaryType', 'message'], true],
  [['types', 'primaryType', 'domain', 'message'], true],
  [['types', 'domain', 'primaryType', 'message'], false],
  [['domain', 'types', 'primaryType', 'message'], false],
  [['domain', 'types', 'message'], false],
  [['domain', 'message', 'primaryType', 'types'], true],
  [['domain', 'message'], false],
]

function typedDataParts({ domain: { domain }, struct }: DigestInput, lower: boolean, withDomainType: boolean): Record<string, unknown> {
  const name = struct.type.typeString.slice(0, struct.type.typeString.indexOf('('))
  const members = struct.type.typeString.slice(name.length + 1, -1).split(',')
  const list = members.map((member) => {
    const [type = '', memberName = ''] = member.trim().split(' ')
    return { name: memberName, type }
  })
  const domainType = presentFields(domain).map((field) => ({ name: field, type: domainTypes[field] }))
  return {
    types: withDomainType ? { EIP712Domain: domainType, [name]: list } : { [name]: list },
    domain: jsonDomain(domain, lower),
    primaryType: name,
  }
}

function jsonDomain(domain: Eip712Domain, lower: boolean): Record<string, string | number> {
  return Object.fromEntries(
    presentFields(domain).map((field) => {
      const value = domain[field]
      if (typeof value === 'bigint') return [field, Number(value)]
      return [field, lower && field === 'verifyingContract' ? String(value).toLowerCase() : String(value)]
    }),
  )
}

/** The typed data or the message as text, with the prefix of personal_sign and without. */
export function* jsonParts(payment: Payment): Generator<DigestPart> {
  for (const { how, text } of jsonForms(payment)) {
    yield part('personal-sign-json', 2, `personal_sign of ${how}`, (input) => prefixed(utf8ToBytes(text(input))))
    yield part('personal-sign-json', 3, `the Keccak-256 hash of ${how}`, (input) => utf8ToBytes(text(input)))
  }
}

export function digestEdits({ generator, how }: DigestPart): Edit[] {
  return [
    {
      cause: 'message-prefixed',
      generator,
      field: 'digest',
      expected: 'keccak256(0x1901 ‖ domain separator ‖ struct hash)',
      signed: how,
    },
  ]
}
