// C4.3: what a move would break or cost, said at once from the rows sent with the board; the server has the last word.
"use strict";
window.BoardRules = (words) => {
  const seconds = (time) => { const [h, m] = time.split(":").map(Number); return h * 3600 + m * 60; };
  const turn = Math.PI / 180;
  // seconds between two places: great circle × road factor at the mean speed, and parking
  function leg(roads, [a, b], [c, d]) {
    const h = Math.sin(((c - a) * turn) / 2) ** 2 + Math.cos(a * turn) * Math.cos(c * turn) * Math.sin(((d - b) * turn) / 2) ** 2;
    return (12742 * Math.asin(Math.sqrt(Math.min(1, h))) * roads[0] * 3600) / roads[1] + roads[2];
  }
  function check(board, job, who, start) {
    const line = board.engineers.find((e) => e.id === who);
    if (!line) return { ok: true, text: "" };
    const found = job.q >= 0 ? [...board.bars[line.q][job.q]] : [];
    if (job.lock && job.lock !== who) found.push(words.lock);
    if (job.only && job.only.length && !job.only.includes(who)) found.push(words.only);
    if (job.never && job.never.includes(who)) found.push(words.never);
    const from = start ? seconds(start) : 0;
    if (from >= line.shift[1]) found.push(words.after);
    if (job.w && from > job.w[1]) found.push(words.missed);
    return found.length ? { ok: false, text: found.join(" · ") } : { ok: true, text: words.about.replace("{minutes}", Math.round(more(board, job, line, from) / 60)) };
  }
  // travel more where it would stand by its time, else where it is cheapest
  function more(board, job, line, from) {
    const stops = board.jobs.filter((j) => j.e === line.id && j.t && j.n !== job.n).sort((a, b) => a.t[0] - b.t[0]);
    const places = [line.home, ...stops.map((j) => [j.lat, j.lon]), line.home], here = [job.lat, job.lon];
    const gaps = from ? [stops.filter((j) => j.t[0] < from).length] : places.slice(1).map((_, i) => i);
    return Math.min(...gaps.map((i) => leg(board.roads, places[i], here) + leg(board.roads, here, places[i + 1]) - (stops.length ? leg(board.roads, places[i], places[i + 1]) : 0)));
  }
  return { check };
};
