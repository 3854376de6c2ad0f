import { createAuthorization, preflight, signAuthorization, toX402V1 } from '@eip3009/core/signer'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

const account = privateKeyToAccount(generatePrivateKey()) // yours: a viem account or wallet client, an ethers signer, a signTypedData function
const to = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'

const authorization = createAuthorization({ network: 'base', from: account.address, to, value: '0.01 USDC' })
const payment = await signAuthorization(account, authorization)
const { notChecked } = await preflight(payment) // with { client }, the chain is asked as well

console.log(JSON.stringify(toX402V1(payment), null, 2))
console.error('Not checked without a client:', notChecked.map(({ check }) => check).join(', '))
