"""The data files of mvsep, for PyInstaller."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("mvsep")
