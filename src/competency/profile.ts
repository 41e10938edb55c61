import type { AwardProfile, PlainProfile } from '../model/competency-types.js'
import type { IdentifierType, Image, Profile } from '../model/types.js'
import { withoutUndefined } from './shape.js'

/** Gives a profile of a definition or award, and everything in it, the types that Open Badges wants. */
export function buildProfile({
  image,
  address,
  parentOrg,
  otherIdentifier,
  ...rest
}: PlainProfile | AwardProfile): Profile {
  return withoutUndefined({
    ...rest,
    type: ['Profile'],
    image: image && buildImage(image.id, image.caption),
    address: address && { ...address, type: ['Address'] },
    parentOrg: parentOrg && buildProfile(parentOrg),
    otherIdentifier: otherIdentifier?.map(buildIdentifier)
  })
}

export function buildImage(id: string, caption: string | undefined): Image {
  return withoutUndefined({ id, type: 'Image' as const, caption })
}

export function buildIdentifier(entry: { readonly identifier: string; readonly identifierType: string }): {
  readonly type: 'IdentifierEntry'
  readonly identifier: string
  readonly identifierType: IdentifierType
} {
  const identifierType = entry.identifierType as IdentifierType
  return { type: 'IdentifierEntry', identifier: entry.identifier, identifierType }
}
