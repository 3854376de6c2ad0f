import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'

const dist = (name: string): string => fileURLToPath(new URL(`../../packages/core/dist/${name}`, import.meta.url))

const data = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`

/** Says each file that Node loads, as it loads it. */
const hook = `import { writeSync } from 'node:fs'
export async function load(url, context, next) { writeSync(1, 'loads ' + url + '\\n'); return next(url, context) }`

/** Every file that importing one loads. */
function loadedBy(path: string): readonly string[] {
  const register = data(`import { register } from 'node:module'; register(${JSON.stringify(data(hook))})`)
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', register, '--input-type=module'], {
    input: `await import(${JSON.stringify(pathToFileURL(path).href)})`,
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return [...stdout.matchAll(/^loads (\S+)$/gm)].map(([, url = '']) => url)
}

const solanas = (urls: readonly string[]): string[] => urls.filter((url) => /\/@solana\/|\/litesvm\//.test(url))

it.each(['index.js', 'chain.js', 'replay.js', 'signer.js', 'solana.js'])(
  'the built %s loads no Solana package before one is needed',
  (face) => {
    const urls = loadedBy(dist(face))
    expect(urls).toContain(pathToFileURL(dist(face)).href)
    expect(urls.length).toBeGreaterThan(3)
    expect(solanas(urls)).toEqual([])
  },
)

it('the walk sees a Solana package where one is loaded', () => {
  const web3 = createRequire(dist('index.js')).resolve('@solana/web3.js')
  expect(solanas(loadedBy(web3)).some((url) => url.includes('/@solana/web3.js/'))).toBe(true)
})
