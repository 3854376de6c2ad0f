/** What stands between a live authorization and the money, and can be taken away. */
export type Obstacle = 'funds' | 'fields' | 'bytes' | 'deployment' | 'delegation' | 'pause' | 'list' | 'time' | 'signatures' | 'token'
