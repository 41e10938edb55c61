import { readdirSync, readFileSync } from 'node:fs'

/** The schema whose classes are the public types of Open Badges; every other file is one format with one root class. */
export const openBadgesFile = 'open-badges-3.0'

/** Reads every `NAME.schema.json`, in order of name. */
export function loadSchemas(folder) {
  const suffix = '.schema.json'
  return readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .sort()
    .map((file) => ({
      name: file.slice(0, -suffix.length),
      file,
      schema: JSON.parse(readFileSync(folder + file, 'utf8'))
    }))
}

/** `competency-definition` → `CompetencyDefinition` */
export function className(name) {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase())
}

/** `#/$defs/Profile`, or the same in another file → `Profile` */
export function refName(ref) {
  return /#\/(?:\$defs|definitions)\/([^/]+)$/.exec(ref)?.[1]
}
