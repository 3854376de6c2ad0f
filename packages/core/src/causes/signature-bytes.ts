import type { EvmCauseEntry } from './cause.ts'
import { circleEcRecover, circleV22, eip2, eip2098, eip3009, thread } from './reference.ts'

/** Section 2: the signature's bytes. What was signed is good; how it was written down is not. */
export const signatureBytesCauses = {
  'v-0-or-1': {
    title: 'The recovery byte is 0 or 1',
    parties: ['client', 'wallet', 'facilitator'],
    family: 'evm',
    stops: { at: 'bytes', place: 5 },
    refusedByToken: 'yes',
    meaning:
      "The signature's last byte is 0 or 1 where Ethereum contracts want 27 or 28. Hardware wallets, raw secp256k1 libraries and yParity fields write it so. viem, ethers and ox accept it, so verification passes and settlement reverts.",
    proof: { needs: ['payload'], how: 'The last byte is 0 or 1, and with 27 added the signature recovers to the payer.' },
    fix: 'Add 27 to the last byte. Nothing needs to be signed again.',
    code: 'const repaired = serializeSignature({ r, s, yParity }) // viem writes 27 or 28',
    retry: 'fix-first',
    reports: {
      token: ["ECRecover: invalid signature 'v' value", "ECDSA: invalid signature 'v' value"],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'invalid_exact_evm_signature', 'invalid_payload'],
    },
    references: [
      circleEcRecover,
      {
        title: 'wakumo/eth-sig-util #13: USDC refuses v from a Dart client',
        url: 'https://github.com/wakumo/eth-sig-util/issues/13',
      },
      { title: 'MetaMask/eth-sig-util #226: Ledger signs with v 0 or 1', url: 'https://github.com/MetaMask/eth-sig-util/issues/226' },
    ],
    related: ['v-flipped', 'high-s', 'compact-eip2098'],
  },
  'v-flipped': {
    title: 'The recovery byte has the wrong parity',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'bytes', place: 6 },
    refusedByToken: 'yes',
    meaning:
      'The last byte says 27 where it should say 28, or the reverse. The token recovers a stranger\'s address and says "invalid signature", exactly as for a wrong digest. Key services that return no recovery bit, and code that lowers s without flipping v, produce it in about half of all signatures.',
    proof: { needs: ['payload'], how: 'With the other parity the signature recovers to the payer, under the right domain.' },
    fix: 'Swap 27 and 28. When s is replaced by n − s, flip v in the same step.',
    retry: 'fix-first',
    reports: {
      token: ['FiatTokenV2: invalid signature'],
      facilitator: ['invalid_exact_evm_signature', 'invalid_exact_evm_payload_signature'],
    },
    references: [circleEcRecover, eip2],
    related: ['high-s', 'v-0-or-1', 'domain-name-mismatch'],
  },
  'high-s': {
    title: 's is in the upper half of the curve',
    parties: ['wallet'],
    family: 'evm',
    stops: { at: 'bytes', place: 4 },
    refusedByToken: 'yes',
    meaning:
      'Every ECDSA signature has a twin with n − s; Ethereum contracts accept only the lower one. KMS, HSM and MPC signers return either, at random, so about half of their payments fail. viem and ox accept the upper one, so verification passes and settlement reverts.',
    proof: { needs: ['payload'], how: 's is greater than n / 2, and with n − s and the other parity the signature recovers to the payer.' },
    fix: 'Replace s by n − s and flip v (27 ↔ 28) in the signer. Nothing needs to be signed again.',
    code: 'if (s > n / 2n) { s = n - s; v = v === 27n ? 28n : 27n }',
    retry: 'fix-first',
    reports: {
      token: ["ECRecover: invalid signature 's' value", "ECDSA: invalid signature 's' value", 'ECDSAInvalidSignatureS', 'InvalidValueS'],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'invalid_exact_evm_signature'],
    },
    references: [
      eip2,
      circleEcRecover,
      { title: 'Nethereum #1035: AWS KMS signatures with a high s', url: 'https://github.com/Nethereum/Nethereum/issues/1035' },
    ],
    related: ['v-flipped', 'v-0-or-1', 'signature-byte-order'],
  },
  'compact-eip2098': {
    title: 'The signature is in the compact 64-byte form',
    parties: ['client', 'wallet'],
    family: 'evm',
    stops: { at: 'bytes', place: 2 },
    refusedByToken: 'yes',
    meaning:
      'It is signature-length with a known repair. The signature has 64 bytes: r, and s with the parity in its top bit. ethers reads this form, so checks with ethers pass. FiatToken wants exactly 65 bytes from an ordinary account and says that the length is invalid.',
    proof: { needs: ['payload'], how: 'The signature has 64 bytes, and unfolded into 65 it recovers to the payer.' },
    fix: 'Unfold it into r ‖ s ‖ v before sending. Nothing needs to be signed again.',
    code: 'const repaired = serializeSignature(parseCompactSignature(signature))',
    retry: 'fix-first',
    reports: {
      token: ['ECRecover: invalid signature length', 'ECDSAInvalidSignatureLength'],
      facilitator: ['invalid_exact_evm_signature', 'invalid_exact_evm_failed_to_parse_signature'],
    },
    references: [eip2098, circleEcRecover],
    related: ['signature-length', 'v-0-or-1'],
  },
  'signature-length': {
    title: 'The signature has the wrong length',
    parties: ['client', 'facilitator'],
    family: 'evm',
    stops: { at: 'bytes', place: 1 },
    refusedByToken: 'yes',
    meaning:
      'The signature is cut, padded, doubled, or hex of hex. FiatToken wants exactly 65 bytes from an ordinary account. Facilitators that pick the overload by length may call a function that the token does not have, and then nothing but "execution reverted" comes back.',
    proof: {
      needs: ['payload'],
      how: 'The length is neither 65 bytes nor that of a known wrapper. Where bytes were only added, the 65 inside recover to the payer.',
    },
    fix: 'Send the 65 bytes that the wallet returned, hex-encoded once, with one 0x. If bytes were lost, sign the same message again with the same nonce.',
    retry: 'fix-first',
    reports: {
      token: ['ECRecover: invalid signature length', 'ECDSAInvalidSignatureLength', 'execution reverted'],
      facilitator: ['invalid_exact_evm_signature', 'invalid_exact_evm_failed_to_parse_signature', 'invalid_payload'],
    },
    references: [circleEcRecover, circleV22, eip3009],
    related: ['compact-eip2098', 'smart-wallet-signature', 'signature-byte-order', 'no-bytes-overload'],
  },
  'signature-byte-order': {
    title: "The signature's parts are in the wrong order",
    parties: ['client'],
    family: 'evm',
    stops: { at: 'bytes', place: 3 },
    refusedByToken: 'yes',
    meaning:
      'The bytes are v ‖ r ‖ s, or r and s are swapped, or the signature is DER as key services return it, which is signature-length with a known repair. FiatToken reads r, s, v. Depending on which byte lands where, the token complains about v, about s, about the length, or only says "invalid signature".',
    proof: { needs: ['payload'], how: 'Another order of the same bytes, or the decoded DER, recovers to the payer.' },
    fix: 'Write r, then s, then v, 65 bytes in all. Nothing needs to be signed again.',
    retry: 'fix-first',
    reports: {
      token: [
        "ECRecover: invalid signature 'v' value",
        "ECRecover: invalid signature 's' value",
        'ECRecover: invalid signature length',
        'ECRecover: invalid signature',
        'FiatTokenV2: invalid signature',
      ],
      facilitator: ['invalid_exact_evm_signature', 'invalid_exact_evm_transaction_simulation_failed'],
    },
    references: [circleEcRecover, thread(2062, 'how revert strings became reason codes', 'pull')],
    related: ['signature-length', 'high-s', 'v-0-or-1'],
  },
} as const satisfies Record<string, EvmCauseEntry>
