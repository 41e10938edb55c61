/** Cases of the catalogue, 1 to 200, that cannot concern a verifier, and why. */
export const notForVerifiers = {}
