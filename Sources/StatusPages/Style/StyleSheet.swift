/// The style sheet of all pages. It needs no script, loads nothing, and takes its colours from `Palette` alone.
enum StyleSheet {
    static let text = """
        :root{color-scheme:light dark;\(Palette.light.declarations)}
        @media (prefers-color-scheme:dark){:root{\(Palette.dark.declarations)}}
        \(layout)
        \(content)
        \(tables)
        \(drawings)
        \(media)
        """

    private static let layout = """
        *{box-sizing:border-box}
        html{font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK JP",sans-serif}
        body{margin:0;background:var(--background);color:var(--text)}
        a{color:var(--link);text-underline-offset:.15em}
        a:hover{text-decoration-thickness:.15em}
        :focus-visible{outline:.19rem solid var(--link);outline-offset:.13rem;border-radius:.2rem}
        .skip{position:absolute;left:-99rem}
        .skip:focus{left:.5rem;top:.5rem;background:var(--panel);padding:.5rem;z-index:1}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .top{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1.25rem;padding:.6rem clamp(.75rem,3vw,2rem);background:var(--panel);border-bottom:1px solid var(--line)}
        .brand{font-weight:700;font-size:1.15rem;color:var(--text);text-decoration:none;letter-spacing:-.01em}
        nav ul{display:flex;flex-wrap:wrap;gap:.2rem .3rem;list-style:none;margin:0;padding:0}
        nav a{display:block;padding:.25rem .6rem;border-radius:.4rem;text-decoration:none}
        nav a:hover{text-decoration:underline}
        nav a[aria-current]{color:var(--text);font-weight:600;box-shadow:inset 0 -.15rem 0 var(--link);border-radius:.4rem .4rem 0 0}
        .top form{display:flex;gap:.4rem;margin-left:auto}
        input,select,button{font:inherit;color:var(--text);background:var(--background);border:1px solid var(--muted);border-radius:.4rem;padding:.25rem .5rem;max-width:100%}
        button{background:var(--panel);cursor:pointer}
        #search{width:13rem}
        main{padding:1.25rem clamp(.75rem,3vw,2rem) 2rem;max-width:84rem;margin:0 auto}
        footer{padding:1rem clamp(.75rem,3vw,2rem);color:var(--muted);font-size:.875rem;max-width:84rem;margin:0 auto}
        h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0 .8rem;overflow-wrap:anywhere}
        h2{font-size:1.05rem;line-height:1.3;margin:0 0 .6rem}
        section h2+p{margin-top:0}
        section{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.1rem;margin:0 0 1rem;min-width:0}
        section>*+h2{margin-top:1.4rem}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1rem;align-items:start}
        .columns section{margin:0}
        .columns+section,.drawing+.columns{margin-top:1rem}
        """

    private static let content = """
        .verdict{border-left:.4rem solid var(--unknown)}
        .verdict.ok{border-left-color:var(--ok)}
        .verdict.warning{border-left-color:var(--warning)}
        .verdict.critical{border-left-color:var(--critical)}
        .sentence{font-size:1.35rem;line-height:1.35;font-weight:600;margin:0 0 .2rem}
        .verdict.ok .shape{color:var(--ok)}
        .verdict.warning .shape{color:var(--warning)}
        .verdict.critical .shape{color:var(--critical)}
        .passes,.detail,.distance,.empty,.more{color:var(--muted)}
        .passes{margin:.3rem 0 0}
        .detail{display:block;font-size:.875rem;overflow-wrap:anywhere}
        .distance{white-space:nowrap}
        .detail .distance::before{content:"· "}
        .empty{margin:.2rem 0}
        .lead{margin:0 0 1rem;overflow-wrap:anywhere}
        .warning:not(.verdict):not(.mark){color:var(--warning)}
        .mark{display:inline-block;white-space:nowrap;font-weight:600;font-size:.9rem}
        .mark.ok{color:var(--ok)}
        .mark.soon{color:var(--soon)}
        .mark.warning{color:var(--warning)}
        .mark.critical{color:var(--critical)}
        .mark.expired{color:var(--expired)}
        .mark.unknown{color:var(--unknown)}
        .rows{list-style:none;margin:0;padding:0}
        .rows li{padding:.45rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
        .rows li:first-child{border-top:0}
        .rows .mark{float:right;margin-left:.6rem}
        .story{padding-left:1.1rem;margin:0}
        .story>li{margin-bottom:.7rem;overflow-wrap:anywhere}
        .story ul{padding-left:0;list-style:none;margin:.2rem 0 0}
        .finding{border-left:.4rem solid var(--warning)}
        .finding p{margin:.3rem 0;overflow-wrap:anywhere}
        .figures{display:flex;flex-wrap:wrap;gap:.4rem 1.6rem;margin:0 0 .8rem}
        .figures dt{font-size:.875rem;color:var(--muted)}
        .figures dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums}
        .facts{margin:0}
        .facts div{display:grid;grid-template-columns:minmax(6rem,8.5rem) 1fr;gap:.1rem .8rem;padding:.35rem 0;border-top:1px solid var(--line)}
        .facts div:first-child{border-top:0}
        .facts dt{color:var(--muted)}
        .facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
        .facts dd bdi{display:block}
        code,pre{font-family:ui-monospace,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.9em;overflow-wrap:anywhere}
        pre{white-space:pre-wrap;background:var(--background);border:1px solid var(--line);border-radius:.4rem;padding:.5rem .7rem;margin:0 0 .6rem}
        summary{cursor:pointer;color:var(--link)}
        .filter{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:end;margin:0 0 1rem}
        .filter label{font-size:.875rem;color:var(--muted)}
        .filter label>*{display:block;font-size:1rem;height:2.2rem}
        .choices{margin:0 0 1rem}
        """

    private static let tables = """
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        main>.scroll{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:.2rem 1.1rem}
        th,td{text-align:left;vertical-align:top;padding:.5rem .9rem .5rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere;min-width:6.4rem}
        time{white-space:nowrap}
        thead th{border-top:0;color:var(--muted);font-size:.875rem;font-weight:600}
        .number{text-align:right}
        td.number,th.number{padding-right:0;min-width:3.5rem}
        .telling,.attempt{display:block;font-size:.9rem}
        """

    private static let drawings = """
        .drawing{margin:0 0 .6rem;overflow-x:auto}
        .drawing svg{display:block;width:100%;min-width:38rem;height:auto}
        .drawing svg.strip{min-width:0}
        svg text{fill:var(--muted);font:11px system-ui,"Noto Sans","Noto Sans CJK JP",sans-serif}
        .bar-authority{fill:var(--authority)}
        .bar-leaf{fill:var(--leaf)}
        .bar-list{fill:var(--list)}
        .bar-overdue{fill:var(--critical)}
        .band{fill:var(--band)}
        .axis{stroke:var(--muted);stroke-width:1;fill:none}
        .grid{stroke:var(--line);stroke-width:1;fill:none}
        .flag{fill:var(--authority);stroke:var(--panel);stroke-width:.75}
        .pole{stroke:var(--authority);stroke-width:1;fill:none}
        .round-good{fill:var(--ok)}
        .round-bad{fill:var(--critical)}
        .phase-1{fill:var(--authority)}
        .phase-2{fill:var(--leaf)}
        .phase-3{fill:var(--list)}
        .phase-4{fill:var(--muted)}
        .life{fill:var(--leaf)}
        .life-past{fill:var(--line)}
        .stage{stroke:var(--warning);stroke-width:2}
        .today{stroke:var(--text);stroke-width:2}
        svg a:focus-visible{outline:none}
        svg a:focus-visible .hit,svg a:hover .hit{fill:var(--line)}
        .hit{fill:transparent}
        svg.strip{display:block;width:100%;max-width:24rem;height:auto}
        .drawing svg.wide{max-width:none;min-width:38rem}
        svg.key{width:.8em;height:.8em;vertical-align:-.05em}
        .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;list-style:none;margin:0 0 .6rem;padding:0;font-size:.9rem}
        """

    private static let media = """
        @media (max-width:44rem){
        .top form{margin-left:0;width:100%}
        #search{flex:1;width:auto;min-width:0}
        .stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .stacked,.stacked tbody,.stacked tr,.stacked td{display:block}
        .stacked tr{padding:.6rem 0;border-top:1px solid var(--line)}
        .stacked tr:first-child{border-top:0}
        .stacked td{border:0;padding:.1rem 0;text-align:left;min-width:0}
        .stacked td[data-label]{position:relative;padding-left:6.9rem;min-height:1.6em}
        .stacked td[data-label]::before{content:attr(data-label);color:var(--muted);font-size:.8rem;position:absolute;left:0;top:.25rem;width:6.4rem}
        .facts div{grid-template-columns:1fr}
        }
        @media (prefers-reduced-motion:no-preference){a,button{transition:color .1s}}
        @media print{.top nav,.top form,.skip,.filter{display:none}body{background:none}section{break-inside:avoid}}
        """

    /// The icon of the browser's tab: the shape of a warning on a shield's ground.
    static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0a56a6"/>\
        <path d="M16 6v10l6 6" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/>\
        <circle cx="16" cy="16" r="11" fill="none" stroke="#fff" stroke-width="2.5"/></svg>
        """
}
