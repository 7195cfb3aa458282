"""Areas that people ask about, read from files as they are and written in the form that others need.

    positions.py   one position: decimal degrees, degrees and minutes, seconds, MGRS
    rings.py       corners become an area, or every reason why not
    geojson.py     RFC 7946
    kml.py         OGC KML 2.3
    corners.py     a table of corners, for reading over a radio
    files.py       which of these a file is; read, write

Nothing is mended in silence: an outline that is open, crosses itself or has its columns changed over is
refused, because an area that is off by a digit is an answer about somewhere else.
"""
