// The interactive map. It reads what it draws from the page itself and asks no host for anything.
// If anything here fails, the still map and the list stay as they are.
"use strict";
(() => {
  const content = JSON.parse(document.getElementById("content").textContent);
  const words = content.words;
  const live = document.getElementById("live");
  const rtl = document.documentElement.dir === "rtl";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const EARTH = 6371008.8;
  const SOFT = 12000;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const fills = () => ({
    breach: [colour("breach-fill"), null],
    disputed: [colour("disputed-fill"), colour("paper")],
    insufficient_evidence: [colour("insufficient-fill"), null],
    other: [colour("other-fill"), colour("paper")],
    not_covered: [colour("apart-tint"), colour("apart-fill")],
    zone: [null, colour("moment")],
  });

  const edges = () => ({
    breach: colour("breach"),
    disputed: colour("disputed"),
    insufficient_evidence: colour("insufficient"),
    other: colour("other"),
    not_covered: colour("apart"),
    mixed: colour("ink"),
  });

  // The same patterns as on the still map: eight units square, drawn at twice the size.
  const PATTERNS = {
    disputed: "M-2 2l4 -4M0 8l8 -8M6 10l4 -4",
    other: "M2 0v8M6 0v8",
    not_covered: "M0 2h3M4 6h3",
    zone: "M-2 2l4 -4M0 8l8 -8M6 10l4 -4M-2 6l4 4M0 0l8 8M6 -2l4 4",
  };

  function pattern(kind, ground, lines) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 16;
    const pen = canvas.getContext("2d");
    pen.scale(2, 2);
    if (ground) {
      pen.fillStyle = ground;
      pen.fillRect(0, 0, 8, 8);
    }
    if (lines && PATTERNS[kind]) {
      pen.strokeStyle = lines;
      pen.lineWidth = kind === "zone" ? 0.6 : 1.3;
      pen.stroke(new Path2D(PATTERNS[kind]));
    }
    return pen.getImageData(0, 0, 16, 16);
  }

  // A point on the sphere, a distance [m] and a turn (0 north, clockwise) away.
  function away([lon, lat], metres, turn) {
    const rad = Math.PI / 180;
    const d = metres / EARTH;
    const a = turn * 2 * Math.PI;
    const p = lat * rad;
    const q = Math.asin(Math.sin(p) * Math.cos(d) + Math.cos(p) * Math.sin(d) * Math.cos(a));
    const l = Math.atan2(Math.sin(a) * Math.sin(d) * Math.cos(p), Math.cos(d) - Math.sin(p) * Math.sin(q));
    return [lon + l / rad, q / rad];
  }

  function slice(circle, start, end) {
    const steps = Math.max(2, Math.ceil((end - start) * 72));
    const arc = Array.from({ length: steps + 1 }, (_, i) =>
      away(circle.at, circle.radius, start + ((end - start) * i) / steps),
    );
    return start === 0 && end === 1 ? [arc] : [[circle.at, ...arc, circle.at]];
  }

  const feature = (type, coordinates, properties) => ({
    type: "Feature",
    properties: properties || {},
    geometry: { type, coordinates },
  });
  const source = (features) => ({ type: "geojson", data: { type: "FeatureCollection", features } });

  function slices() {
    const found = [];
    for (const circle of content.circles) {
      if (circle.wide) continue;
      const all = circle.count;
      let start = 0;
      for (const [group, count] of circle.shares) {
        const end = start + count / all;
        const area = slice(circle, start, end > 0.999 ? 1 : end);
        found.push(feature("Polygon", area, { group, soft: circle.radius > SOFT, order: found.length }));
        start = end;
      }
    }
    return found;
  }

  const rims = () =>
    content.circles.map((circle) =>
      feature("Polygon", slice(circle, 0, 1), {
        id: circle.id,
        wide: circle.wide,
        kind: circle.shares.length === 1 ? circle.shares[0][0] : "mixed",
      }),
    );

  const SOURCES = {
    around: source(content.around.map((area) => feature("MultiPolygon", area))),
    under: source([feature("MultiPolygon", content.under)]),
    home: source([feature("MultiPolygon", content.home)]),
    lines: source([feature("MultiLineString", content.lines)]),
    zones: source(content.zones.map((zone) => feature("MultiPolygon", zone.area))),
    slices: source(slices()),
    rims: source(rims()),
  };

  const line = (id, from, paint, filter) => ({
    id,
    type: "line",
    source: from,
    paint,
    ...(filter ? { filter } : {}),
  });

  function layers() {
    const edge = ["match", ["get", "kind"], ...Object.entries(edges()).flat(), colour("ink")];
    return [
      { id: "sea", type: "background", paint: { "background-color": colour("sea") } },
      { id: "under", type: "fill", source: "under", paint: { "fill-color": colour("home") } },
      { id: "around", type: "fill", source: "around", paint: { "fill-color": colour("around") } },
      line("around-edge", "around", { "line-color": colour("border"), "line-width": 0.8 }),
      { id: "home", type: "fill", source: "home", paint: { "fill-color": colour("home") } },
      line("home-edge", "home", { "line-color": colour("strong-rule"), "line-width": 1.5 }),
      line("lines", "lines", { "line-color": colour("ink"), "line-width": 1.6, "line-dasharray": [3, 2] }),
      { id: "zones", type: "fill", source: "zones", paint: { "fill-pattern": "zone", "fill-opacity": 0.6 } },
      line("zones-edge", "zones", { "line-color": colour("moment"), "line-width": 1.2 }),
      // One layer, so that the finest circles lie on the widest whatever their verdicts.
      {
        id: "slices",
        type: "fill",
        source: "slices",
        layout: { "fill-sort-key": ["get", "order"] },
        paint: {
          "fill-pattern": ["image", ["get", "group"]],
          "fill-opacity": ["case", ["get", "soft"], 0.38, 0.88],
        },
      },
      line("rims", "rims", { "line-color": edge, "line-width": 1.3 }, ["!", ["get", "wide"]]),
      line(
        "rims-wide",
        "rims",
        { "line-color": edge, "line-width": 1.6, "line-dasharray": [1.5, 2] },
        ["get", "wide"],
      ),
      // Nothing is seen of it; it is what a pointer touches.
      { id: "touch", type: "fill", source: "rims", paint: { "fill-opacity": 0 }, filter: ["!", ["get", "wide"]] },
    ];
  }

  // Said again whenever the reader's machine turns dark or light.
  function dress(map, done) {
    map.setStyle({ version: 8, sources: SOURCES, layers: [] }, { diff: false });
    map.once("styledata", () => {
      for (const [kind, [ground, lines]] of Object.entries(fills())) {
        map.addImage(kind, pattern(kind, ground, lines), { pixelRatio: 2 });
      }
      for (const layer of layers()) map.addLayer(layer);
      if (done) map.once("idle", done);
    });
  }

  function element(name, text, kind) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function card(circle) {
    const box = element("div", "", "card");
    box.append(element("p", circle.said));
    const list = element("ul");
    for (const [label, verdict, said, href] of circle.dots) {
      const item = element("li");
      const name = href ? element("a", label) : element("span", label);
      if (href) name.href = href;
      item.append(name, " ", element("span", said, `verdict ${verdict}`));
      list.append(item);
    }
    if (circle.rest) list.append(element("li", circle.rest));
    box.append(list);
    return box;
  }

  function start() {
    const [west, south, east, north] = content.frame;
    const more = Math.max(east - west, north - south);
    const map = new maplibregl.Map({
      container: live,
      style: { version: 8, sources: {}, layers: [] },
      bounds: content.frame,
      fitBoundsOptions: { padding: 8 },
      maxBounds: [Math.max(west - more, -180), Math.max(south - more, -85), Math.min(east + more, 180), Math.min(north + more, 85)],
      // Closer than this a circle would fill the window and look like a place.
      maxZoom: 10,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true },
      locale: {
        "Map.Title": words.map_title,
        "NavigationControl.ZoomIn": words.map_closer,
        "NavigationControl.ZoomOut": words.map_wider,
        "Popup.Close": "×",
      },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), rtl ? "top-left" : "top-right");
    map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), rtl ? "bottom-right" : "bottom-left");

    const popup = new maplibregl.Popup({ maxWidth: "min(24rem, 80vw)", focusAfterOpen: true });
    // The rim of a wide circle where it is seen, so that its number is not read as that of one within it.
    const inside = ([lon, lat]) => lon > west && lon < east && lat > south && lat < north;
    const spot = (circle) => {
      if (!circle.wide) return circle.at;
      const rim = [0, 0.1, -0.1, 0.25, -0.25, 0.4, -0.4, 0.5].map((t) => away(circle.at, circle.radius, t));
      return rim.find(inside) || rim[0];
    };
    const open = (circle) => {
      popup.setLngLat(spot(circle)).setDOMContent(card(circle)).addTo(map);
    };
    const mark = (made, at, anchor) =>
      new maplibregl.Marker({ element: made, anchor: anchor || "center" }).setLngLat(at).addTo(map);

    for (const [name, lon, lat] of content.countries) if (name) mark(element("span", name, "country"), [lon, lat]);
    for (const [name, lon, lat] of content.towns) mark(element("span", name, "town-name"), [lon, lat], rtl ? "right" : "left");
    for (const zone of content.zones) {
      const tops = zone.area.flat(2).sort((a, b) => b[1] - a[1]);
      mark(element("span", zone.label, "zone-name"), tops[0], "bottom");
    }
    // Widest first, so that the finest lie on top; each is a button, so that keys reach it.
    for (const circle of content.circles) {
      const many = circle.count;
      const button = element("button", many > 1 ? String(many) : "", many > 1 ? "count" : "single");
      if (circle.wide) button.classList.add("wide");
      button.type = "button";
      button.setAttribute("aria-label", `${words.map_show}: ${circle.said}`);
      button.title = circle.said;
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        open(circle);
      });
      mark(button, spot(circle));
    }

    map.on("click", "touch", (event) => {
      const ids = event.features.map((f) => f.properties.id);
      const touched = content.circles.filter((c) => ids.includes(c.id));
      if (touched.length) open(touched[touched.length - 1]);
    });
    map.on("mouseenter", "touch", () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", "touch", () => (map.getCanvas().style.cursor = ""));

    const reset = element("button", words.map_reset, "reset");
    reset.type = "button";
    reset.addEventListener("click", () => map.fitBounds(content.frame, { padding: 8 }));
    live.append(reset);

    const follow = () => {
      const circle = content.circles.find((c) => `#${c.id}` === location.hash);
      if (!circle) return;
      map.jumpTo({ center: circle.at, zoom: circle.wide ? map.getZoom() : Math.max(map.getZoom(), 7) });
      open(circle);
    };
    dress(map, () => {
      live.dataset.ready = "yes";
      follow();
    });
    addEventListener("hashchange", follow);
    dark.addEventListener("change", () => dress(map));
    return map;
  }

  function show(works) {
    live.hidden = document.getElementById("keys").hidden = !works;
    document.querySelector("#still .map > svg").toggleAttribute("hidden", works);
    document.getElementById("no-gl").hidden = works;
  }

  try {
    show(true);
    start();
  } catch (problem) {
    live.replaceChildren();
    show(false);
    console.warn("the interactive map cannot be drawn:", problem.message);
  }
})();
