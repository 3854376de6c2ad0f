import { Eip3009Error } from '../errors/eip3009-error.ts'

// What `arguments/` does for the other faces, in a tenth of the space, since a signer is measured by the byte: what an argument has to be is said in a
// line, member by member, `name:type`, with ? behind the type of what may be left out.

/** How a value's type and its digits look; a type that is not among these is one of JavaScript's, or several. */
const forms: Readonly<Record<string, string>> = {
  address: 'string 0x[\\da-f]{40}$',
  bytes32: 'string 0x[\\da-f]{64}$',
  hex: 'string 0x([\\da-f]{2})+$',
  uint256: 'bigint \\d+$',
  count: 'number [1-9]\\d*$',
  seconds: 'number \\d',
  struct: 'string (Transfer|Receive)WithAuthorization$',
}

/** @throws Eip3009Error `invalid-argument`. What stands there is not said: it can be a key in the wrong place. */
export function checkArgument<T>(argument: T, members: string): T {
  for (const member of members.split(' ')) {
    const [name = '', type = ''] = member.split(':')
    const found: unknown = Object(argument)[name]
    const seen = found === null ? 'null' : `${typeof found} ${typeof found === 'object' ? '' : String(found)}`
    const whole = type.replace('?', '')
    if (!new RegExp(`^(${forms[whole] ?? whole}${whole === type ? '' : '|undefined'})`, 'i').test(seen))
      throw new Eip3009Error('invalid-argument', `${name} has to be of the type ${whole}; got ${seen.split(' ')[0]}.`)
  }
  return argument
}

export const tokenMembers = 'address:address name:string version:string symbol:string? decimals:number?'
export const networkMembers = 'id:string chainId:count blockTime:seconds usdc:object'
