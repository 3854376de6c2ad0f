import { isObject, type JsonObject } from './json.ts'

/** Whether this is a credential of MPP, the HTTP "Payment" scheme: a challenge with what answers it. */
export function isMppCredential(object: JsonObject): boolean {
  const challenge = object.get('challenge')
  if (!isObject(challenge) || object.get('payload') === undefined) return false
  return typeof challenge.get('method') === 'string' && challenge.has('intent') && (challenge.has('request') || challenge.has('realm'))
}
