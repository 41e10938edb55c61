/**
 * The badge that is used where the caller brings no SVG image: the picture that `drawDefaultBadge` draws in pixels, as
 * shapes. The comma is a round head and a tail between two arcs.
 */
export const DEFAULT_SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400" viewBox="0 0 400 400">
<defs>
<radialGradient id="disc" gradientUnits="userSpaceOnUse" cx="150" cy="110" r="270">
<stop offset="0" stop-color="#165c68"/><stop offset="1" stop-color="#092632"/>
</radialGradient>
<linearGradient id="comma" gradientUnits="userSpaceOnUse" x1="0" y1="105" x2="0" y2="285">
<stop offset="0" stop-color="#ffd17a"/><stop offset="1" stop-color="#f07648"/>
</linearGradient>
</defs>
<circle cx="200" cy="200" r="196" fill="url(#disc)"/>
<circle cx="200" cy="200" r="170.5" fill="none" stroke="#e9c484" stroke-width="5"/>
<g fill="url(#comma)">
<circle cx="200" cy="162" r="58"/>
<path d="M258 162A120 120 0 0 1 131.3 281.8A140 140 0 0 0 211.8 162Z"/>
</g>
</svg>
`
