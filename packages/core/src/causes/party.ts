/** Who has to act. `nobody` where nothing went wrong through anyone's doing. */
export type Party = 'client' | 'wallet' | 'server' | 'facilitator' | 'rpc' | 'token' | 'nobody'
