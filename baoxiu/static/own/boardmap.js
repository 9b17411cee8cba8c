// C4.3: routes on a plain map: no tile server, a scale, points and lines. `BoardMap(element)` → { show, focus }.
"use strict";
window.BoardMap = (element) => {
  const L = window.L;
  const map = L.map(element, { preferCanvas: true, attributionControl: false, zoomControl: true, zoomSnap: 0.25 });
  L.control.scale({ imperial: false }).addTo(map);
  map.setView([31.2, 121.5], 9);
  const layer = L.layerGroup().addTo(map);
  const colours = ["#066fd1", "#2fb344", "#d6336c", "#f76707", "#ae3ec9", "#0ca678", "#4263eb", "#a16207"];
  let fitted = null;

  // the frame of most places: those within some 150 km of the one with most around it, so that a job abroad or a wrong
  // address does not show the whole world
  function frame(points) {
    const near = (a) => points.filter((b) => Math.abs(a[0] - b[0]) < 1.4 && Math.abs(a[1] - b[1]) < 1.8);
    const step = Math.ceil(points.length / 100);
    const most = points.filter((_, i) => i % step === 0).map(near).reduce((a, b) => (b.length > a.length ? b : a));
    return L.latLngBounds(most);
  }

  // jobs: [{ n, lat, lon, e, t, p, s, c }], engineers: [{ id, home }]; `only`: an engineer whose route alone is drawn
  // strongly; `part`: the territory shown, framed anew when it is another one
  function show(engineers, jobs, only, onChoose, part) {
    layer.clearLayers();
    const points = [];
    engineers.forEach((who, i) => {
      const stops = jobs.filter((j) => j.e === who.id && j.t).sort((a, b) => a.t[0] - b.t[0]);
      if (!stops.length) return;
      const line = [who.home, ...stops.map((j) => [j.lat, j.lon]), who.home];
      const strong = only === who.id;
      const faint = only && !strong;
      L.polyline(line, { color: colours[i % colours.length], weight: strong ? 4 : 2, opacity: faint ? 0.12 : 0.6, interactive: false }).addTo(layer);
      if (!faint) L.circleMarker(who.home, { radius: 3, color: "#333", fillOpacity: 1, interactive: false }).addTo(layer);
      points.push(who.home);
    });
    jobs.forEach((j) => {
      if (j.lost) return;
      const at = [j.lat, j.lon];
      const dot = L.circleMarker(at, { radius: (j.e ? 5 : 7) - (jobs.length > 300 ? 3 : 0), weight: 1, color: "#fff", fillColor: j.e ? "#066fd1" : j.p <= 1 ? "#d63939" : "#f59f00", fillOpacity: 0.9 });
      dot.bindTooltip(`${j.c} · ${j.s}`);
      if (onChoose) dot.on("click", () => onChoose(j.n));
      dot.addTo(layer);
      points.push(at);
    });
    if (!points.length) engineers.forEach((who) => points.push(who.home));
    if (fitted !== part && points.length) { map.fitBounds(frame(points).pad(0.1), { animate: false, maxZoom: 14 }); fitted = part; }
  }
  const focus = (lat, lon) => map.panTo([lat, lon], { animate: false });
  return { show, focus };
};
