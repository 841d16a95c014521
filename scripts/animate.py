"""Make an animated picture of frames, each a PNG file whose name ends in its milliseconds.

The frames are those of the browser test that takes them: `000-1200.png` is the first and stands
for 1.2 seconds.
"""

import sys
from pathlib import Path

from PIL import Image

# What a page on the web can carry, and what GitHub's column for a README shows without shrinking.
MAX_BYTES = 1_500_000
MAX_WIDTH = 900


def main(folder: Path, target: Path) -> None:
    """Write the frames of `folder` to `target`, to be shown over and over."""
    files = sorted(folder.glob("*.png"))
    frames = [Image.open(file).convert("RGB") for file in files]
    durations = [int(file.stem.split("-")[1]) for file in files]
    if frames[0].width > MAX_WIDTH:
        sys.exit(f"{frames[0].width} px wide, and {MAX_WIDTH} are shown")
    # Lossless: sharp letters, and smaller than lossy for what is mostly plain.
    frames[0].save(
        target,
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        lossless=True,
        quality=100,
        method=6,
    )
    if (size := target.stat().st_size) > MAX_BYTES:
        sys.exit(f"{target.name} has {size} bytes, and {MAX_BYTES} are its limit")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
