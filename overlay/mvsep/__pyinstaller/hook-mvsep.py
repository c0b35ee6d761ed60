"""The data files of mvsep, and its commands, which are imported by name, for PyInstaller."""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

datas = collect_data_files("mvsep")
hiddenimports = collect_submodules("mvsep.cli")
