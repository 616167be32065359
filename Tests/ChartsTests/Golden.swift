/// Charts as they were when somebody last looked at them.
enum Golden {
    static let terminal = #"""
        acme: mentions
        mentions per 15 minutes, 2026-11-23 – 2026-11-23 04:00 UTC
        ⠤⠤ seen   ░░ expected   ▒▒ incident
                                  1
        60 ┤                 ▒⢠⠓⠢⡀▒▒▒▒▒▒
        40 ┤                 ⢀⠇▒▒⠈⠑⡄▒▒▒▒
           │                 ⡎▒▒▒▒▒⠈⢆▒▒▒
        20 ┤                ⡸▒▒▒▒▒▒▒▒⠱⡀▒
           │ ⢀⣀⡠⠤⠤⣀⣀░░⢀⣀⣀⣀⠤⠴⠁░░░░░░░░░░░░░░░░⠤⠤⣀⣀⣀⣀⣀⣀⣀░░⢀⣀⡠⠤⠤⠤⠤⠤⢄⣀⡀
           │        ⠉⠉⠁      ▒▒▒▒▒▒▒▒▒▒▒              ⠉⠉⠁
         0 ┴┬────────────┬─────────────┬─────────────┬──────────────
         23 Nov        01:00         02:00         03:00

        1  2026-11-23 01:15  once in 120 days

        """#

    static let svg = #"""
        <?xml version="1.0" encoding="UTF-8"?>
        <svg xmlns="http://www.w3.org/2000/svg" width="480" height="240" viewBox="0 0 480 240" role="img" aria-labelledby="title desc" font-family="Helvetica, Arial, sans-serif" direction="ltr" unicode-bidi="isolate">
        <title id="title">acme: mentions</title>
        <desc id="desc">mentions per 15 minutes, 2026-11-23 – 2026-11-23 04:00 UTC. The greatest value is 60 at 2026-11-23 01:15. Incident 1, 2026-11-23 01:15 – 2026-11-23 02:00: once in 120 days.</desc>
        <rect width="480" height="240" fill="#FFFFFF"/>
        <path d="M36.5 147.5L466.5 147.5" stroke="#E4E4E4" stroke-width="1"/>
        <path d="M36.5 116.5L466.5 116.5" stroke="#E4E4E4" stroke-width="1"/>
        <path d="M36.5 86.5L466.5 86.5" stroke="#E4E4E4" stroke-width="1"/>
        <rect x="170.4" y="86" width="80.6" height="91" fill="#E69F00" fill-opacity="0.30"/>
        <path d="M49.4 152.7L76.3 152.7L103.2 152.7L130.1 152.7L156.9 152.7L183.8 152.7L210.7 152.7L237.6 152.7L264.4 152.7L291.3 152.7L318.2 152.7L345.1 152.7L371.9 152.7L398.8 152.7L425.7 152.7L452.6 152.7L452.6 169.4L425.7 169.4L398.8 169.4L371.9 169.4L345.1 169.4L318.2 169.4L291.3 169.4L264.4 169.4L237.6 169.4L210.7 169.4L183.8 169.4L156.9 169.4L130.1 169.4L103.2 169.4L76.3 169.4L49.4 169.4Z" fill="#56B4E9" fill-opacity="0.35"/>
        <path d="M36.5 86.5L36.5 177.5" stroke="#444444" stroke-width="1"/>
        <path d="M36.5 177.5L466.5 177.5" stroke="#444444" stroke-width="1"/>
        <path d="M31.5 177.5L36.5 177.5" stroke="#444444" stroke-width="1"/>
        <text x="27" y="181.3" font-size="12" text-anchor="end" fill="#333333">0</text>
        <path d="M31.5 147.5L36.5 147.5" stroke="#444444" stroke-width="1"/>
        <text x="27" y="151" font-size="12" text-anchor="end" fill="#333333">20</text>
        <path d="M31.5 116.5L36.5 116.5" stroke="#444444" stroke-width="1"/>
        <text x="27" y="120.7" font-size="12" text-anchor="end" fill="#333333">40</text>
        <path d="M31.5 86.5L36.5 86.5" stroke="#444444" stroke-width="1"/>
        <text x="27" y="90.3" font-size="12" text-anchor="end" fill="#333333">60</text>
        <path d="M36.5 177.5L36.5 182.5" stroke="#444444" stroke-width="1"/>
        <text x="36" y="195.3" font-size="12" text-anchor="middle" fill="#333333">23 Nov</text>
        <path d="M144.5 177.5L144.5 182.5" stroke="#444444" stroke-width="1"/>
        <text x="143.5" y="195.3" font-size="12" text-anchor="middle" fill="#333333">01:00</text>
        <path d="M251.5 177.5L251.5 182.5" stroke="#444444" stroke-width="1"/>
        <text x="251" y="195.3" font-size="12" text-anchor="middle" fill="#333333">02:00</text>
        <path d="M359.5 177.5L359.5 182.5" stroke="#444444" stroke-width="1"/>
        <text x="358.5" y="195.3" font-size="12" text-anchor="middle" fill="#333333">03:00</text>
        <path d="M49.4 161.8L76.3 158.8L103.2 163.4L130.1 160.3L156.9 155.8L183.8 86L210.7 104.2L237.6 146.7" fill="none" stroke="#0072B2" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/>
        <path d="M291.3 158.8L318.2 161.8L345.1 160.3L371.9 163.4L398.8 157.3L425.7 158.8L452.6 161.8" fill="none" stroke="#0072B2" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/>
        <text x="210.7" y="81.3" font-size="12" text-anchor="middle" font-weight="bold" fill="#B34E00">1</text>
        <text x="14" y="28.8" font-size="16" font-weight="bold" fill="#111111">acme: mentions</text>
        <text x="14" y="45.3" font-size="12" fill="#595959">mentions per 15 minutes, 2026-11-23 – 2026-11-23 04:00 UTC</text>
        <path d="M14 59L24.9 59" fill="none" stroke="#0072B2" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/>
        <text x="28.9" y="63.3" font-size="12" fill="#333333">seen</text>
        <rect x="65.1" y="53" width="10.9" height="12" fill="#56B4E9" fill-opacity="0.35"/>
        <text x="80.1" y="63.3" font-size="12" fill="#333333">expected</text>
        <rect x="142" y="53" width="10.9" height="12" fill="#E69F00" fill-opacity="0.30"/>
        <text x="157" y="63.3" font-size="12" fill="#333333">incident</text>
        <text x="14" y="221.3" font-size="12" fill="#333333">1  2026-11-23 01:15  once in 120 days</text>
        </svg>

        """#
}
