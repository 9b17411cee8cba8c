// C4.3: the engineer's stops on a plain map, in their order; no tile server, no request.
"use strict";
(() => {
  const box = document.querySelector("[data-route]");
  if (!box || !window.L) return;
  const points = JSON.parse(document.getElementById("route-points").textContent);
  const map = window.L.map(box, { attributionControl: false, zoomSnap: 0.25 });
  window.L.control.scale({ imperial: false }).addTo(map);
  const places = points.map((p) => [p.lat, p.lon]);
  window.L.polyline(places, { color: "#066fd1", weight: 3, interactive: false }).addTo(map);
  points.forEach((p, i) => {
    const mark = window.L.divIcon({ className: "route-mark", html: String(i + 1), iconSize: [28, 28] });
    const one = window.L.marker([p.lat, p.lon], { icon: mark, title: p.who, alt: p.who }).addTo(map);
    one.on("click", () => { location.href = `/field/jobs/${p.number}/`; });
  });
  if (places.length) map.fitBounds(window.L.latLngBounds(places).pad(0.25), { animate: false, maxZoom: 14 });
  else map.setView([31.2, 121.5], 9);
})();
