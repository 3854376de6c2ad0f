import fc from 'fast-check'
import { expect, it } from 'vitest'
import { redactUrl, redactUrls } from './redact-url.ts'

it.each([
  ['https://mainnet.base.org', 'https://mainnet.base.org'],
  ['https://mainnet.base.org/', 'https://mainnet.base.org'],
  ['http://127.0.0.1:8545', 'http://127.0.0.1:8545'],
  ['https://base-mainnet.g.alchemy.com/v2/AbC-dEf_123', 'https://base-mainnet.g.alchemy.com/v2/…'],
  ['https://mainnet.infura.io/v3/0123456789abcdef0123456789abcdef', 'https://mainnet.infura.io/v3/…'],
  ['https://user:pass@rpc.example/base', 'https://rpc.example/base'],
  ['https://rpc.ankr.com/avalanche-fuji/6fe3', 'https://rpc.ankr.com/avalanche-fuji/…'],
  ['https://api.avax.network/ext/bc/C/rpc', 'https://api.avax.network/ext/bc/C/rpc'],
  ['https://lb.drpc.org/ogrpc?network=base&dkey=AkEy', 'https://lb.drpc.org/ogrpc?network=…&dkey=…'],
  ['https://rpc.example/?0123abc', 'https://rpc.example?…=…'],
  ['https://rpc.example/#token', 'https://rpc.example'],
  ['wss://rpc.example/KEY1', 'wss://rpc.example/…'],
  ['https://rpc.example/secretpathkeylower/abcdefghijklmnop', 'https://rpc.example/…/…'],
  ['https://rpc.example/base-mainnet/8453/evm', 'https://rpc.example/base-mainnet/8453/evm'],
  ['https://rpc.example/?secretparameterlower', 'https://rpc.example?…=…'],
  ['no url with a KEY', '…'],
])('prints %s as %s', (url, redacted) => {
  expect(redactUrl(url)).toBe(redacted)
})

it('finds URLs in text', () => {
  expect(redactUrls('HTTP request failed. URL: https://x.example/v2/K3Y (see "https://u:p@y.example/a?b=c").')).toBe(
    'HTTP request failed. URL: https://x.example/v2/… (see "https://y.example/a?b=…").',
  )
})

it('never lets a key through, wherever it stands', () => {
  const key = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9_-]{6,40}$/).filter((text) => /[0-9A-Z_]/.test(text) && !/^v?\d+$/.test(text)),
    fc.stringMatching(/^[a-z]{11,40}$/),
  )
  fc.assert(
    fc.property(
      key,
      fc.constantFrom(
        'https://h.example/#',
        'https://h.example/v2/#',
        'https://#@h.example',
        'https://u:#@h.example/x',
        'https://h.example/?k=#',
        'https://h.example/?#',
      ),
      (secret, pattern) => {
        expect(redactUrl(pattern.replace('#', secret))).not.toContain(secret)
      },
    ),
  )
})

it('leaves credentials out of what a node says', () => {
  expect(redactUrls('bad key sk_live_ABC123')).toBe('bad key ***')
  expect(redactUrls('invalid project id 0123456789abcdef0123456789abcdef')).toBe('invalid project id ***')
  expect(redactUrls('Authorization: Bearer abcdefghijklmnop is not allowed')).toBe('Authorization: Bearer *** is not allowed')
  expect(redactUrls('execution reverted: FiatTokenV2: invalid signature')).toBe('execution reverted: FiatTokenV2: invalid signature')
})
