import { sameAddress } from '../../bytes/address.ts'
import type { EvidenceNote, Finding, Party } from '../../causes/finding.ts'
import { fromFindings, skip } from '../../evidence/check.ts'
import { ifKnown } from '../../evidence/known.ts'
import { findToken } from '../../networks/find-token.ts'
import type { Networks } from '../../networks/networks.ts'
import { formatUnits } from '../../text/amount.ts'
import { duration, utc } from '../../text/utc.ts'
import { believed, walletAccepts } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { describeSearch } from '../signature/describe-search.ts'
import type { Edit } from '../signature/edit.ts'
import { type ExpectedDomain, isKnown } from '../signature/expected-domain.ts'
import type { Match, SignatureEvidence } from '../signature/forensics.ts'
import { isGatewayDomain } from '../signature/gateway-domain.ts'
import type { GeneratorId } from '../signature/generators.ts'
import { implementations } from '../signature/implementations.ts'
import type { WalletEvidence } from '../signature/wallets/examine.ts'
import { isSurelyRefused, ownerCommand, rpcOf, whoSigned } from '../signature/wallets/tell.ts'
import { cutWrapper } from '../signature/wallets/wrappers.ts'
import { presentFields } from '../typed-data/domain.ts'
import type { Check } from './check.ts'
import { gatewayFindings, isGateways } from './gateway.ts'
import { claimedCode } from './payer-claim.ts'
import { isName, upgrade } from './upgrade.ts'
import { onWrongChain } from './wrong-chain.ts'

/** The bytes, the digest and the key: does the signature recover to `from` as the token computes it, and if not, what was signed? */
export const signatureChecks: readonly Check[] = [
  {
    id: 'signature-bytes',
    // A contract is given whatever bytes there are, also those of a wallet that nobody here has heard of.
    run: (payment, evidence) => (judgedOnChain(evidence, false) ? { outcome: 'pass' } : fromFindings(wrongBytes(payment, evidence))),
  },
  {
    id: 'signer',
    run: (payment, evidence) => {
      const { expected, matches, wallet } = evidence.signature
      if (expected === undefined) return skip('no-network', 'nothing says under which domain the token checks it')
      const [match] = matches
      if (match !== undefined) {
        const one = (edit: Edit): Finding => explain(edit, match, payment, evidence)
        const misplaced = onWrongChain(payment, evidence)
        const others = match.edits.filter(({ cause }) => cause !== 'chain-id-mismatch')
        if (misplaced.length > 0) return fromFindings([...misplaced, ...others.map(one)])
        const upgraded = upgrade(match, payment, evidence)
        if (upgraded !== undefined) return fromFindings([upgraded, ...ownEdits(match).flatMap((edit) => (isName(edit) ? [] : [one(edit)]))])
        return fromFindings(isGateways(evidence) ? gatewayFindings(payment, evidence, match, one) : ownEdits(match).map(one))
      }
      // A contract signs as it likes: what it answered is judged by the checks of the account.
      if (judgedOnChain(evidence, wallet !== undefined)) return { outcome: 'pass' }
      return fromFindings(wallet === undefined ? strangers(payment, evidence) : [wrapped(payment, evidence.signature, wallet)])
    },
  },
  {
    id: 'wallet-signature',
    run: (_payment, evidence) =>
      evidence.signature.wallet === undefined || evidence.signature.matches.length > 0 || judgedOnChain(evidence, true)
        ? { outcome: 'pass' }
        : skip(evidence.chains === undefined ? 'no-chain' : 'fact-unread', "only the wallet's isValidSignature on chain tells"),
  },
  { id: 'offer-domain', run: (payment, evidence) => fromFindings(wrongOffer(payment, evidence.signature)) },
]

/** What differs, a finding each; that Circle Gateway's domain has another name, version and contract than the token's is one thing. */
function ownEdits({ edits, domain }: Match): readonly Edit[] {
  if (!isGatewayDomain(domain)) return edits
  return edits.filter(({ field }) => field !== 'domain.name' && field !== 'domain.version')
}

/** Whether the chain told what the payer's account is, so that what its signature means need not be guessed. */
function judgedOnChain({ chains, signature }: Evidence, wrapped: boolean): boolean {
  const state = believed(chains ?? [])
  const code = state === undefined ? undefined : ifKnown(state.payer.code)
  if (state === undefined || code === undefined) return false
  if (code.kind === 'none') return wrapped
  return code.kind === 'contract' || wrapped || walletAccepts(state, signature.digest) === true
}

/** What opens a sentence that a payer with code makes untrue. */
function unlessWallet(next: string): string {
  return `Unless from is a contract wallet, which nobody looked at: ${next}`
}

/** Lengths that hold no signature at all; every other fault of the bytes is found as an edit of the match. */
function wrongBytes(payment: Payment, evidence: Evidence): Finding[] {
  const { bytes, matches, wallet } = evidence.signature
  const { signature } = payment
  const length = signature.length / 2 - 1
  if (bytes.length === 64 || bytes.length === 65 || matches.length > 0 || wallet !== undefined) return []
  const cut = cutWrapper(signature)
  const state = believed(evidence.chains ?? [])
  const isOrdinary = state !== undefined && ifKnown(state.payer.code)?.kind === 'none'
  return [
    {
      cause: 'signature-length',
      party: 'client',
      severity: claimedCode(payment, evidence) === undefined ? 'error' : 'warning',
      field: 'signature',
      seen: `${length} bytes`,
      expected: cut === undefined ? '65 bytes' : 'the whole wrapper',
      summary:
        cut === undefined
          ? `${isOrdinary ? 'The' : unlessWallet('the')} signature has ${length} bytes, and the token's ECRecover takes exactly 65 (r, s, v) from an account without code.`
          : `The signature is cut. It begins as ${cut.says}.`,
      evidence: [{ source: 'payload', says: `${length} bytes were read` }],
      fix:
        length === 0
          ? 'sign the authorization: the signature is empty'
          : cut !== undefined
            ? "send the smart wallet's signature whole, as the wallet returned it; no part of it is a signature by itself"
            : length > 65
              ? "send what the signer returned, unchanged: 65 bytes from an ordinary account, or a smart wallet's signature whole"
              : 'send the 65 bytes that the signer returned, unchanged',
    },
  ]
}

/**
 * Nothing that was tried recovers to from: another key, or a change that nobody thought of. Of a payer with code none of it means anything, so
 * where nobody looked, that the payer has none is what this hangs on.
 */
function strangers(payment: Payment, evidence: Evidence): Finding[] {
  const { signature, chains } = evidence
  const { bytes, recovered, recoveredIs, expected } = signature
  if (bytes.ecdsa === undefined && bytes.length !== 65) return []
  const { from } = payment.authorization
  const state = believed(chains ?? [])
  const isOrdinary = state !== undefined && ifKnown(state.payer.code)?.kind === 'none'
  const whom = recoveredIs.length === 0 ? '' : `, which is ${recoveredIs.map(({ label }) => label).join(' and ')}`
  const unless = isOrdinary ? '' : unlessWallet('')
  const under = isGateways({ signature })
    ? "Circle Gateway's domain"
    : expected === undefined || isKnown(expected)
      ? "the token's own domain"
      : `the domain that is only claimed for the token (${expected.provenance.says})`
  const isUntried = signature.coverage.some(({ slips, of, tried }) => slips === 1 && of === 'domain' && tried === 'none')
  const untried = isUntried ? ', or it was signed under another domain, which was not looked for' : ''
  const summary =
    recovered === undefined
      ? `no key can have made this signature for this message, so it is not ${from}'s.`
      : `the signature recovers to ${recovered}${whom}, not to from ${from}: another key signed, or a signed field was changed afterwards${untried}.`
  return [
    {
      cause: 'signer-not-owner',
      party: 'client',
      severity: (expected === undefined || isKnown(expected)) && claimedCode(payment, evidence) === undefined ? 'error' : 'warning',
      field: 'signature',
      ...(recovered === undefined ? {} : { seen: recovered }),
      expected: from,
      summary: unless === '' ? summary.charAt(0).toUpperCase() + summary.slice(1) : `${unless}${summary}`,
      evidence: [
        { source: 'computed', says: `digest ${signature.digest ?? 'unknown'} under ${under}` },
        { source: 'computed', says: describeSearch(signature) },
        ...(isOrdinary ? [] : (signature.ifWallet ?? [])).map(
          ({ address, under }): EvidenceNote => ({
            source: 'computed',
            says: `if from is a wallet, under ${under} it recovers to ${address}`,
          }),
        ),
      ],
      fix: isOrdinary
        ? `sign with the key of ${from}, and send what was signed unchanged`
        : `ask the chain whether ${from} has code (--rpc-url): an ordinary account has to sign with its own key, and what was signed has to be sent unchanged; a contract wallet is asked by its isValidSignature`,
    },
  ]
}

/**
 * A smart wallet's signature: taken apart, and left to the chain. Not an error, since the wallet may well accept it, unless what it carries or what was
 * signed is known to be something else.
 */
function wrapped(payment: Payment, { digest, expected }: SignatureEvidence, wallet: WalletEvidence): Finding {
  const { from } = payment.authorization
  const length = payment.signature.length / 2 - 1
  const { deployment, contents, ascending } = wallet
  const otherContents =
    contents === undefined || (contents.sameSeparator && contents.sameStruct)
      ? ''
      : ` It carries ${contents.sameSeparator ? 'another message' : `another domain's separator, ${contents.separator}`}: it is for something else.`
  // Another separator says something only where the token's own is known.
  const isOther =
    contents !== undefined && (!contents.sameStruct || (!contents.sameSeparator && expected !== undefined && isKnown(expected)))
  const order = ascending === false ? ' Its owners do not stand in ascending order, as a Safe wants them (GS026).' : ''
  const isRefused = isSurelyRefused(wallet) && expected !== undefined && isKnown(expected)
  const ask = ownerCommand(from, payment.signature, wallet, rpcOf(expected))
  const isNobody = wallet.signers.length === 0 && wallet.passkey === undefined
  const whose = isNobody || wallet.signers.some(({ named }) => named) ? '' : ', and whether that is an owner'
  const tells = isRefused
    ? `The wallet ${from} refuses that.`
    : `Whether the wallet ${from} accepts it${whose}, only the chain tells${ask === undefined ? '' : `: ${ask}`}.`
  return {
    cause: 'smart-wallet-signature',
    party: 'wallet',
    severity: isOther || isRefused ? 'error' : 'warning',
    field: 'signature',
    seen: `${length} bytes: ${wallet.wrappers.join(' around ')}`,
    expected: 'accepted by the isValidSignature of from',
    summary: `The signature is ${wallet.wrappers.join(' around ')}; ${whoSigned(wallet)}.${otherContents}${order} ${tells}`,
    evidence: [
      { source: 'payload', says: `${length} bytes were read: ${wallet.wrappers.join(', then ')}` },
      ...ownersNamed(wallet),
      ...wallet.signers.map(
        ({ address, under, named }): EvidenceNote => ({
          source: 'computed',
          says: `under ${under} it recovers to ${address}${named ? ", whom the factory's calldata names" : ''}`,
        }),
      ),
      ...wallet.slips.map(
        ({ address, under }): EvidenceNote => ({
          source: 'computed',
          says: `under ${under} it recovers to ${address}, whom the factory's calldata names`,
        }),
      ),
      ...(digest === undefined ? [] : [{ source: 'computed', says: `the token asks the wallet about the digest ${digest}` } as const]),
    ],
    fix: isRefused
      ? `sign through the wallet itself, with the same nonce, so that it wraps the digest as it checks it, then deploy it by ${deployment?.factory ?? 'its factory'} and send the signature without the ERC-6492 wrapper`
      : deployment === undefined
        ? `ask isValidSignature of ${from} on chain (--rpc-url); if it refuses, sign through the wallet itself`
        : `deploy the wallet by ${deployment.factory}, then send the signature without the ERC-6492 wrapper: the token does not take it off`,
  }
}

/** Whom the call names that deploys the wallet. */
function ownersNamed({ deployment }: WalletEvidence): EvidenceNote[] {
  const owners = deployment?.owners ?? []
  if (owners.length === 0) return []
  const named = owners.map((owner) => (owner.kind === 'address' ? owner.address : 'a passkey'))
  return [{ source: 'payload', says: `the call that deploys the wallet names as its owners ${named.join(', ')}` }]
}

/** Which bytes a token takes is its own matter: the precompile takes any s, and some tokens took 64 bytes. */
const formOfToken: readonly Edit['cause'][] = ['high-s', 'compact-eip2098', 'signature-length']
/** Another chain, another contract and no domain at all are refused by every token. */
const ofNoToken: readonly Edit['cause'][] = ['chain-id-mismatch', 'verifying-contract-mismatch', 'eip712domain-type-missing']

/** Whether what an edit says rests on what the token is: its name, its version, its struct, which bytes it takes. */
function hangsOnToken({ cause, field }: Edit): boolean {
  if (cause === 'struct-type-mismatch') return true
  return field.startsWith('domain') ? !ofNoToken.includes(cause) : formOfToken.includes(cause)
}

/** A difference between what was signed and what is only said of the token: neither is known to be the token's. */
function onlyClaimed({ field, signed, seen, expected: claimed }: Edit, { provenance, basis }: ExpectedDomain): Explanation {
  const who = basis === 'disputed' ? 'sources differ about this token' : `nothing here knows this token, of which ${provenance.says} says`
  return {
    party: 'nobody',
    summary: field.startsWith('signature')
      ? `The signature has ${field} ${seen ?? signed ?? 'otherwise'}, which FiatToken refuses (it wants ${claimed ?? 'another form'}); ${basis === 'disputed' ? 'sources differ about this token' : 'nothing here knows this token'}.`
      : `${field} ${signed === undefined ? 'was left out of what was signed' : `"${signed}" was signed`}; ${who} "${claimed ?? 'nothing'}".`,
    fix: 'read name(), version() or DOMAIN_SEPARATOR() of the token, and sign under that',
  }
}

/** How an edit reads to people, who has to act on it, and what to do. */
interface Explanation {
  readonly party: Party
  readonly summary: string
  readonly fix: string
}

function explain(edit: Edit, match: Match, payment: Payment, evidence: Evidence): Finding {
  const { expected } = evidence.signature
  const open = expected !== undefined && !isKnown(expected) && hangsOnToken(edit)
  const { party, summary, fix } = open ? onlyClaimed(edit, expected) : explanation(edit, match, payment, evidence)
  return {
    cause: edit.cause,
    party,
    severity: open ? 'warning' : 'error',
    field: edit.field,
    ...(edit.seen === undefined ? {} : { seen: edit.seen }),
    ...(edit.signed === undefined ? {} : { signed: edit.signed }),
    ...(edit.expected === undefined ? {} : { expected: edit.expected }),
    summary,
    evidence: evidenceFor(edit, match, evidence.signature),
    fix,
  }
}

function evidenceFor(edit: Edit, match: Match, { expected, recovered, digest, tried }: SignatureEvidence): EvidenceNote[] {
  const whom = `${match.signer}${sameAddress(match.signer, match.authorization.from) ? '' : ', which is not from'}`
  if (edit.field.startsWith('domain')) {
    return [
      { source: 'computed', says: `under the separator ${match.separator} the signature recovers to ${whom}` },
      ...(expected === undefined
        ? []
        : [
            {
              source: 'computed',
              says: `under ${isKnown(expected) ? "the token's" : 'the claimed'} ${expected.separator} it recovers to ${recovered ?? 'no key'}`,
            } as const,
          ]),
      ...(expected?.basis === 'registry'
        ? [
            {
              source: 'registry',
              says: `${expected.network?.id ?? 'the network'}: ${expected.token?.symbol ?? 'the token'} at ${expected.domain.verifyingContract ?? '?'}`,
            } as const,
          ]
        : []),
    ]
  }
  return [
    { source: 'computed', says: `with it undone the signature recovers to ${whom}, digest ${match.digest}` },
    ...(digest === undefined || digest === match.digest
      ? []
      : [
          {
            source: 'computed',
            says: `under ${expected !== undefined && !isKnown(expected) ? 'the claimed digest' : "the token's digest"} ${digest} it recovers to ${recovered ?? 'no key'}; ${tried} hypotheses were tried`,
          } as const,
        ]),
  ]
}

function explanation(edit: Edit, match: Match, payment: Payment, { signature, networks }: Evidence): Explanation {
  const symbol = signature.expected?.units?.symbol ?? 'the token'
  const where =
    payment.network?.id ?? signature.expected?.network?.id ?? (payment.chainId === undefined ? 'the network' : `chain ${payment.chainId}`)
  const expected = edit.expected ?? 'nothing'
  const signed = edit.signed ?? 'nothing'
  const seen = edit.seen ?? 'nothing'
  const how = edit.how === undefined ? '' : `: ${edit.how}`
  const extra = payment.requirements?.extra
  const told = isCopied(payment) ? "its copy of the offer's" : "the server's"
  switch (edit.cause) {
    case 'domain-name-mismatch': {
      const fromServer = edit.signed !== undefined && extra?.name === edit.signed
      return {
        party: fromServer ? 'server' : 'client',
        summary: `The client signed for a token named "${signed}"${fromServer ? `, as ${told} extra.name told it` : ''}. The ${symbol} of ${where} is named "${expected}".`,
        fix: fromServer
          ? `set extra.name to "${expected}" in the server's payment requirements for ${where}, then sign again`
          : `sign with name "${expected}" (read it from the token's domain on ${where}, do not copy it from another network)`,
      }
    }
    case 'domain-version-mismatch': {
      const fromServer = edit.signed !== undefined && extra?.version === edit.signed
      return {
        party: fromServer ? 'server' : 'client',
        summary: `The client signed under domain version "${signed}"${fromServer ? `, as ${told} extra.version told it` : ''}. The ${symbol} of ${where} has version "${expected}".`,
        fix: fromServer
          ? `set extra.version to "${expected}" in the server's payment requirements, then sign again`
          : `sign with version "${expected}"`,
      }
    }
    case 'chain-id-mismatch': {
      const contract = match.edits.find(({ cause }) => cause === 'verifying-contract-mismatch')?.expected
      const chain = `${edit.field === 'domain.salt' ? 'salt' : 'chainId'} ${expected}`
      return {
        party: 'client',
        summary: `The client signed for chain ${decimal(signed)}${chainName(decimal(signed), networks)}. The payment is for ${where === `chain ${decimal(expected)}` ? where : `${where}, chain ${decimal(expected)}`}.`,
        fix: `sign with ${chain}${contract === undefined ? '' : ` and verifyingContract ${contract}`}; check which network the wallet is connected to`,
      }
    }
    case 'verifying-contract-mismatch':
      return wrongContract(signed, expected, symbol, payment, networks)
    case 'nonstandard-domain-layout':
      return {
        party: 'client',
        summary: `The client signed a domain of ${signed}. The token's domain has ${expected}${signed.split(', ').sort().join() === expected.split(', ').sort().join() ? ', in this order' : ''}.`,
        fix: `sign with a domain of exactly ${expected}`,
      }
    case 'domain-field-missing':
      return {
        party: 'client',
        summary: `The client left ${edit.field} out of the domain that it signed. The token's domain has ${presentFields(signature.expected?.domain ?? {}).join(', ')}.`,
        fix: `sign with ${edit.field} ${expected}, and list it in types.EIP712Domain`,
      }
    case 'eip712domain-type-missing':
      return {
        party: 'client',
        summary:
          'The client signed an empty domain: the typed data had no types.EIP712Domain. Such a signature binds no chain and no contract.',
        fix: `add EIP712Domain (${expected}) to types in eth_signTypedData_v4, then sign again`,
      }
    case 'primary-type-mismatch':
      return wrongType(edit, signed, expected, payment)
    case 'struct-type-mismatch':
      return {
        party: 'client',
        summary: `The client signed another struct than EIP-3009's: ${signed.trim()}${how}. The token hashes ${expected}.`,
        fix: `declare the struct as ${expected}, in this order and with these types, and sign again`,
      }
    case 'message-altered':
      return altered(edit, signed, seen, payment, signature)
    case 'message-prefixed':
      return edit.generator === 'personal-sign' || edit.generator === 'personal-sign-json'
        ? {
            party: 'client',
            summary: `What was signed is ${signed}. The token hashes the EIP-712 digest itself, with no such prefix.`,
            fix: 'sign by eth_signTypedData_v4 (signTypedData in viem and ethers), not by personal_sign or eth_sign',
          }
        : {
            party: 'client',
            summary: `What was signed is ${signed}. The token checks ${expected}, hashed once.`,
            fix: `sign ${signature.digest ?? 'the digest'}, the EIP-712 digest, as it is: tell a raw signer not to hash it (prehash: false)`,
          }
    default:
      return badBytes(edit, match, signed, expected, seen, signature.expected !== undefined && isKnown(signature.expected))
  }
}

/** A chain id as people write it, where it stands in the salt. */
function decimal(chainId: string): string {
  return /^0x0{48}[0-9a-f]{16}$/i.test(chainId) ? String(BigInt(chainId)) : chainId
}

/** What a chain id stands for, in brackets; nothing where nobody knows. */
function chainName(chainId: string, networks: Networks): string {
  const entry = networks.index.get(chainId)
  if (entry === undefined) return ''
  if ('kind' in entry) return ` (${entry.label}${entry.kind === 'retired' ? ', which is retired' : ''})`
  return ` (${entry.id})`
}

function wrongContract(signed: string, expected: string, symbol: string, payment: Payment, networks: Networks): Explanation {
  const fromServer = sameAddress(payment.requirements?.asset, signed)
  const [known] = findToken(signed, networks)
  const isGateway = known?.role === 'contract'
  return {
    party: fromServer ? 'server' : 'client',
    summary: `The client signed for the contract ${signed}${contractName(signed, payment, networks)}. The payment is in ${symbol}, ${expected}.`,
    fix: isGateway
      ? `settle it through Circle Gateway, whose domain was signed, or sign under the token's own domain, with verifyingContract ${expected}, to move the token itself`
      : fromServer
        ? `set the asset to ${expected} in the server's payment requirements, then sign again`
        : `sign with verifyingContract ${expected}`,
  }
}

function contractName(address: string, { authorization }: Payment, networks: Networks): string {
  if (/^0x0{40}$/.test(address)) return ' (the zero address)'
  if (sameAddress(address, authorization.to)) return ' (the payee)'
  if (sameAddress(address, authorization.from)) return ' (the payer)'
  if (implementations.some((each) => sameAddress(each.address, address))) return ' (the implementation behind a proxy of USDC)'
  const [known] = findToken(address, networks)
  if (known === undefined) return ''
  return known.role === 'contract' ? ` (the ${known.contract.label})` : ` (${known.token.symbol} of ${known.network.id})`
}

function wrongType({ how }: Edit, signed: string, expected: string, { call }: Payment): Explanation {
  if (signed === 'Permit') {
    return {
      party: 'client',
      summary: `The client signed ${how ?? 'an EIP-2612 Permit'}, which allows a spender. It is submitted as a ${expected}.`,
      fix: `sign primaryType ${expected}`,
    }
  }
  if (signed === 'CancelAuthorization') {
    return {
      party: 'client',
      summary: `The client signed a CancelAuthorization, which takes the nonce back and moves no money. It is submitted as a ${expected}.`,
      fix: `sign primaryType ${expected} with a new nonce: whoever holds this signature can cancel the old one`,
    }
  }
  return {
    party: call === undefined ? 'client' : 'facilitator',
    summary: `The client signed a ${signed}. It is submitted as a ${expected}.`,
    fix:
      call === undefined
        ? `sign primaryType ${expected}`
        : `call ${signed === 'ReceiveWithAuthorization' ? 'receiveWithAuthorization from the payee' : 'transferWithAuthorization'}: that is what was signed`,
  }
}

/** A member of the message that is not what was signed. Who changed it: what the offer asks for, and where the values come from, tell. */
function altered(edit: Edit, signed: string, seen: string, payment: Payment, { expected }: SignatureEvidence): Explanation {
  const member = edit.field.slice('authorization.'.length)
  const units = expected?.units
  const amount = (value: string): string =>
    member === 'value' && units !== undefined && /^\d{1,40}$/.test(value)
      ? `${value} (${formatUnits(BigInt(value), units.decimals)} ${units.symbol})`
      : value
  const distance = timeDistance(member, signed, seen)
  const isTold = distance !== '' || edit.expected === edit.signed || showsItself(edit)
  const how = edit.how === undefined || isTold ? '' : ` (${edit.how})`
  const inCall = payment.call !== undefined
  const place = inCall ? 'the calldata says' : 'the payload says'
  const asked =
    edit.expected === undefined
      ? ''
      : edit.expected === seen
        ? ', which is what the offer asks for'
        : edit.expected === signed
          ? '; the offer asks for what was signed'
          : `; the offer asks for ${edit.expected}`
  const keepsOffer = edit.expected === undefined || sameText(edit.expected, signed)
  return {
    party: inCall ? 'facilitator' : 'client',
    summary: `${member} was ${amount(signed)}${how} when it was signed, ${place} ${amount(seen)}${distance}${asked}.`,
    fix: keepsOffer
      ? `send ${member} ${signed}, as it was signed, from the object that went to the wallet`
      : `sign again with ${member} ${edit.expected}: what was signed is not what the offer asks for`,
  }
}

const oneDigit: ReadonlySet<GeneratorId> = new Set(['digit-changed', 'digit-lost', 'digit-inserted', 'address-digit', 'nonce-digit'])
const leastAndMost: readonly string[] = ['0', String(2n ** 256n - 1n)]

/** Whether the two values beside each other say how they differ. */
function showsItself({ generator, signed = '' }: Edit): boolean {
  return oneDigit.has(generator) || (generator === 'value-round' && !leastAndMost.includes(signed))
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** How far apart two times of this century are. */
function timeDistance(member: string, signed: string, seen: string): string {
  if (!member.startsWith('valid') || !/^\d{9,10}$/.test(signed) || !/^\d{9,10}$/.test(seen)) return ''
  const seconds = BigInt(seen) - BigInt(signed)
  return `, ${duration(seconds < 0n ? -seconds : seconds)} ${seconds < 0n ? 'earlier' : 'later'} (${utc(BigInt(signed))} was signed)`
}

/** What is wrong with the bytes only, and the same signature as the token takes it. */
function badBytes(edit: Edit, { signature: repaired }: Match, signed: string, expected: string, seen: string, known: boolean): Explanation {
  const how = edit.how === undefined ? '' : `, ${edit.how}`
  switch (edit.cause) {
    case 'v-0-or-1':
      return {
        party: 'client',
        summary: `The signature's last byte v is ${seen}${how}. ${known ? 'The token accepts' : 'Nothing here knows this token; all that are known accept'} only 27 and 28.`,
        fix: `send v as ${Number.parseInt(repaired.slice(130), 16)}: ${repaired}`,
      }
    case 'v-flipped':
      return {
        party: 'client',
        summary: `The signature's last byte v has the wrong parity: with ${expected} it recovers to from.`,
        fix: `send ${repaired}`,
      }
    case 'high-s':
      return {
        party: 'wallet',
        summary: "The signature's s is in the upper half of the curve order. The token refuses such signatures (EIP-2).",
        fix: `normalise s after signing (n − s, and flip v): ${repaired}`,
      }
    case 'compact-eip2098':
      return {
        party: 'client',
        summary: 'The signature is in the 64-byte compact form (EIP-2098). The token takes exactly 65 bytes.',
        fix: `expand it before sending: ${repaired}`,
      }
    case 'signature-byte-order':
      return {
        party: 'client',
        summary:
          edit.generator === 'der'
            ? `The signature is ${seen}, as key services return it. The token takes exactly 65 bytes: r, s, v.`
            : `The signature's parts are in the order ${seen}. The token reads ${expected}.`,
        fix: `send ${repaired}`,
      }
    case 'smart-wallet-signature':
      return {
        party: 'wallet',
        summary: `The signature is ${seen.slice(seen.indexOf(':') + 2)}, and inside is from's own signature: an account without code needs only the 65 bytes inside.`,
        fix: `send ${repaired}`,
      }
    default:
      return {
        party: 'client',
        summary: `The signature is ${edit.seen ?? signed}${how}. The token expects ${expected}.`,
        fix: `send ${repaired}`,
      }
  }
}

/** The client signed the token's own domain although the offer names another: whoever verifies by the offer refuses a good payment. */
function wrongOffer(payment: Payment, { expected, matches }: SignatureEvidence): Finding[] {
  const extra = payment.requirements?.extra
  if (extra === undefined || expected?.basis !== 'registry') return []
  const copied = isCopied(payment)
  const path = copied ? 'accepted' : 'requirements'
  return (['name', 'version'] as const).flatMap((field): Finding[] => {
    const offered = extra[field]
    const right = expected.domain[field]
    const followed = matches.some(({ domain }) => domain[field] === offered)
    if (offered === undefined || offered === right || right === undefined || followed) return []
    return [
      {
        cause: 'facilitator-config-drift',
        party: 'server',
        severity: 'error',
        field: `${path}.extra.${field}`,
        seen: offered,
        expected: right,
        summary: `${copied ? `The client's copy of the offer has extra.${field} "${offered}"` : `The server's extra.${field} says "${offered}"`}. The token's domain has "${right}", so a facilitator that trusts the offer calls a good signature invalid.`,
        evidence: [
          { source: 'payload', says: `${path}.extra.${field} is "${offered}"` },
          { source: 'registry', says: `${expected.network?.id ?? 'the network'}: ${field} "${right}", separator ${expected.separator}` },
        ],
        fix: copied
          ? `set extra.${field} to "${right}" in the server's payment requirements; if it is right there, copy the offer as it was sent`
          : `set extra.${field} to "${right}" in the server's payment requirements`,
      },
    ]
  })
}

/** Whether what is known of the offer is the client's copy alone, which the client may have changed: no requirements of the server's were read. */
function isCopied({ requirements, accepted }: Payment): boolean {
  return accepted !== undefined && requirements === accepted
}
