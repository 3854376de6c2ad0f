/** Standard base64, padded. */
export function bytesToBase64(bytes: Uint8Array): string {
  let text = ''
  // A call takes so many arguments at a time.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}
