"""Builds the project's src folder into firmware.elf, .hex and .bin, or into a program for this computer."""

import hashlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

from SCons.Script import AlwaysBuild, Default, DefaultEnvironment, Exit

env = DefaultEnvironment()
board = env.BoardConfig()
is_host = not board.get("build.gcc")
forced = os.environ.get("TINYGEN_TOOLCHAIN", "")

ZIG = f'"{sys.executable}" -m ziglang'
WARNINGS = ["-Wall", "-Wextra"]


def has_zig():
    return importlib.util.find_spec("ziglang") is not None


def gcc_folder():
    """Where PlatformIO's own toolchain package has its programs, or ""."""
    package = env.PioPlatform().get_package_dir("toolchain-gccarmnoneeabi")
    candidates = [package] if package else []
    candidates.append(Path.home() / ".platformio" / "packages" / "toolchain-gccarmnoneeabi")
    return next(
        (str(Path(c) / "bin") for c in candidates if shutil.which("arm-none-eabi-gcc", path=Path(c) / "bin")), ""
    )


def find_toolchain():
    """("gcc" | "zig" | "host", command prefix, file that tells one version from another)."""
    if forced not in ("", "gcc", "zig"):
        sys.stderr.write(f"tinygen: no compiler: TINYGEN_TOOLCHAIN is {forced!r}, it may be gcc or zig\n")
        return Exit(1)
    if is_host:
        names = [os.environ.get("CC", ""), "cc", "gcc", "clang"] if forced != "zig" else []
        found = next((n for n in names if n and shutil.which(n)), None)
        if found:
            return "host", found, shutil.which(found)
    elif forced != "zig":
        found = shutil.which("arm-none-eabi-gcc")
        if not found and gcc_folder():
            env.PrependENVPath("PATH", gcc_folder())
            found = shutil.which("arm-none-eabi-gcc", path=gcc_folder())
        if found:
            return "gcc", "arm-none-eabi-gcc", found
    if has_zig() and forced != "gcc":
        return "zig", f"{ZIG} cc", importlib.util.find_spec("ziglang").origin
    wanted = [] if forced == "zig" else ["cc, gcc or clang on PATH" if is_host else "arm-none-eabi-gcc on PATH"]
    wanted += [] if forced == "gcc" else ["the Python package ziglang"]
    sys.stderr.write(f"tinygen: no compiler: looked for {' and '.join(wanted)}\n")
    return Exit(1)


kind, compiler, identity = find_toolchain()
env.Replace(
    CC=compiler,
    LINK=compiler,
    AR=f"{ZIG} ar" if kind == "zig" else "arm-none-eabi-ar" if kind == "gcc" else "ar",
    OBJCOPY=f"{ZIG} objcopy" if kind == "zig" else "arm-none-eabi-objcopy",
    PROGNAME="firmware",
    PROGSUFFIX=(".exe" if os.name == "nt" else "") if is_host else ".elf",
)
# -ffp-contract=off: a fused multiply-add rounds once where the reference rounds twice.
flags = ["-std=c99", "-ffp-contract=off", *WARNINGS]
if kind == "zig":
    flags += ["-fno-sanitize=undefined"]
if is_host:
    link = []
elif kind == "gcc":
    core = board.get("build.gcc")
    flags += core
    link = [*core, "-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs"]
else:
    core = board.get("build.zig")
    flags += [*core, "-g0", "-ffreestanding", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables"]
    link = [*core, "-ffreestanding", "-Wl,-e,Reset_Handler"]
if not is_host:
    script = Path(env.subst("$PROJECT_DIR")) / "firmware.ld"
    link += [f"-Wl,-T,{script}", "-Wl,--gc-sections"]
env.Append(
    CCFLAGS=flags,
    LINKFLAGS=link,
    CPPDEFINES=list(board.get("build.defines", {}).items()),
    CPPPATH=[f"$PROJECT_SRC_DIR/{name}" for name in ("model", "harness", "port")],
)

if os.environ.get("TINYGEN_CACHE"):
    stat = Path(identity).stat()
    version = hashlib.sha256(f"{compiler} {identity} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]
    objects = Path(os.environ["TINYGEN_CACHE"]) / "objects" / f"{kind}-{version}"
    objects.mkdir(parents=True, exist_ok=True)
    env.CacheDir(str(objects))

program = env.BuildProgram()
if is_host:
    outputs = [program]
else:
    env.Depends(program, str(script))
    # Linking is quick and says what does not fit: it is not worth a cached copy.
    env.NoCache(program)
    outputs = [program]
    for suffix, form in (("hex", "ihex" if kind == "gcc" else "hex"), ("bin", "binary")):
        convert = env.VerboseAction(f"$OBJCOPY -O {form} $SOURCE $TARGET", "Building $TARGET")
        image = env.Command(f"$BUILD_DIR/firmware.{suffix}", program, convert)
        env.NoCache(image)
        outputs.append(image)
AlwaysBuild(env.Alias("upload", outputs, env.VerboseAction("$UPLOADCMD", "Uploading $SOURCE")))
Default(env.Alias("buildprog", outputs))
