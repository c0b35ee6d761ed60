# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, File, FileTypes, Unset

T = TypeVar("T", bound="SeparationCreateBody")


@_attrs_define
class SeparationCreateBody:
    """What to separate, and how. Leave out what is not wanted; the server takes an empty text for an absent field.

    Attributes:
        sep_type (int): Separation type: the `render_id` of a row of app_algorithms. Required here although the server
            has a default, because three documents name three defaults (11, 20 and 49).
        api_token (str): The account's API token. It travels as a form field, never in the URL.
        audiofile (File | Unset): The mixture: an audio file, or a video file with sound.
        url (str | Unset): Link to the mixture, instead of `audiofile`.
        remote_type (str | Unset): Where the link leads. The server takes direct when it is absent.
        target_audiofile (File | Unset): Matchering: the track to be changed.
        reference_audiofile (File | Unset): Matchering: the track to be matched.
        add_opt1 (str | Unset): Extra field 1 of the separation type: an option key, or free text. Server defaults apply
            to what is not sent.
        add_opt2 (str | Unset): Extra field 2 of the separation type: an option key, or free text.
        add_opt3 (str | Unset): Extra field 3 of the separation type: an option key, or free text.
        add_opt4 (str | Unset): Extra field 4 of the separation type: an option key, or free text. The service's own
            page lists fields 1 to 3 only; the higher ones belong to newer types.
        add_opt5 (str | Unset): Extra field 5 of the separation type: an option key, or free text.
        add_opt6 (str | Unset): Extra field 6 of the separation type: an option key, or free text.
        add_opt7 (str | Unset): Extra field 7 of the separation type: an option key, or free text.
        add_opt8 (str | Unset): Extra field 8 of the separation type: an option key, or free text.
        add_opt9 (str | Unset): Extra field 9 of the separation type: an option key, or free text.
        add_opt10 (str | Unset): Extra field 10 of the separation type: an option key, or free text. The highest one
            known.
        output_format (int | Unset): Format of the stems. The server takes 0 when it is absent. 4 and 5 need a premium
            account.
        is_demo (int | Unset): 1 publishes the result on the demo page. The server takes 0 when it is absent.
        preset_id (int | Unset): Probably a preset saved on the site; its meaning is not confirmed.
        webhook_url (str | Unset): URL that the service posts the state of this job to.
        send_mail_on_error (int | Unset): Probably 1 has a mail sent when the job fails; seen in one client only.
    """

    sep_type: int
    api_token: str = _attrs_field(repr=False)
    audiofile: File | Unset = UNSET
    url: str | Unset = UNSET
    remote_type: str | Unset = UNSET
    target_audiofile: File | Unset = UNSET
    reference_audiofile: File | Unset = UNSET
    add_opt1: str | Unset = UNSET
    add_opt2: str | Unset = UNSET
    add_opt3: str | Unset = UNSET
    add_opt4: str | Unset = UNSET
    add_opt5: str | Unset = UNSET
    add_opt6: str | Unset = UNSET
    add_opt7: str | Unset = UNSET
    add_opt8: str | Unset = UNSET
    add_opt9: str | Unset = UNSET
    add_opt10: str | Unset = UNSET
    output_format: int | Unset = UNSET
    is_demo: int | Unset = UNSET
    preset_id: int | Unset = UNSET
    webhook_url: str | Unset = UNSET
    send_mail_on_error: int | Unset = UNSET

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        sep_type = self.sep_type

        api_token = self.api_token

        audiofile: FileTypes | Unset = UNSET
        if not isinstance(self.audiofile, Unset):
            audiofile = self.audiofile.to_tuple()

        url = self.url

        remote_type = self.remote_type

        target_audiofile: FileTypes | Unset = UNSET
        if not isinstance(self.target_audiofile, Unset):
            target_audiofile = self.target_audiofile.to_tuple()

        reference_audiofile: FileTypes | Unset = UNSET
        if not isinstance(self.reference_audiofile, Unset):
            reference_audiofile = self.reference_audiofile.to_tuple()

        add_opt1 = self.add_opt1

        add_opt2 = self.add_opt2

        add_opt3 = self.add_opt3

        add_opt4 = self.add_opt4

        add_opt5 = self.add_opt5

        add_opt6 = self.add_opt6

        add_opt7 = self.add_opt7

        add_opt8 = self.add_opt8

        add_opt9 = self.add_opt9

        add_opt10 = self.add_opt10

        output_format = self.output_format

        is_demo = self.is_demo

        preset_id = self.preset_id

        webhook_url = self.webhook_url

        send_mail_on_error = self.send_mail_on_error

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "sep_type": sep_type,
                "api_token": api_token,
            }
        )
        if audiofile is not UNSET:
            field_dict["audiofile"] = audiofile
        if url is not UNSET:
            field_dict["url"] = url
        if remote_type is not UNSET:
            field_dict["remote_type"] = remote_type
        if target_audiofile is not UNSET:
            field_dict["target_audiofile"] = target_audiofile
        if reference_audiofile is not UNSET:
            field_dict["reference_audiofile"] = reference_audiofile
        if add_opt1 is not UNSET:
            field_dict["add_opt1"] = add_opt1
        if add_opt2 is not UNSET:
            field_dict["add_opt2"] = add_opt2
        if add_opt3 is not UNSET:
            field_dict["add_opt3"] = add_opt3
        if add_opt4 is not UNSET:
            field_dict["add_opt4"] = add_opt4
        if add_opt5 is not UNSET:
            field_dict["add_opt5"] = add_opt5
        if add_opt6 is not UNSET:
            field_dict["add_opt6"] = add_opt6
        if add_opt7 is not UNSET:
            field_dict["add_opt7"] = add_opt7
        if add_opt8 is not UNSET:
            field_dict["add_opt8"] = add_opt8
        if add_opt9 is not UNSET:
            field_dict["add_opt9"] = add_opt9
        if add_opt10 is not UNSET:
            field_dict["add_opt10"] = add_opt10
        if output_format is not UNSET:
            field_dict["output_format"] = output_format
        if is_demo is not UNSET:
            field_dict["is_demo"] = is_demo
        if preset_id is not UNSET:
            field_dict["preset_id"] = preset_id
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url
        if send_mail_on_error is not UNSET:
            field_dict["send_mail_on_error"] = send_mail_on_error

        return field_dict

    def to_multipart(self) -> _types.RequestFiles:
        files: _types.RequestFiles = []

        files.extend(_types.form_field("sep_type", self.sep_type))

        if not isinstance(self.audiofile, Unset):
            files.append(("audiofile", self.audiofile.to_tuple()))

        if not isinstance(self.url, Unset):
            files.extend(_types.form_field("url", self.url))

        if not isinstance(self.remote_type, Unset):
            files.extend(_types.form_field("remote_type", self.remote_type))

        if not isinstance(self.target_audiofile, Unset):
            files.append(("target_audiofile", self.target_audiofile.to_tuple()))

        if not isinstance(self.reference_audiofile, Unset):
            files.append(("reference_audiofile", self.reference_audiofile.to_tuple()))

        if not isinstance(self.add_opt1, Unset):
            files.extend(_types.form_field("add_opt1", self.add_opt1))

        if not isinstance(self.add_opt2, Unset):
            files.extend(_types.form_field("add_opt2", self.add_opt2))

        if not isinstance(self.add_opt3, Unset):
            files.extend(_types.form_field("add_opt3", self.add_opt3))

        if not isinstance(self.add_opt4, Unset):
            files.extend(_types.form_field("add_opt4", self.add_opt4))

        if not isinstance(self.add_opt5, Unset):
            files.extend(_types.form_field("add_opt5", self.add_opt5))

        if not isinstance(self.add_opt6, Unset):
            files.extend(_types.form_field("add_opt6", self.add_opt6))

        if not isinstance(self.add_opt7, Unset):
            files.extend(_types.form_field("add_opt7", self.add_opt7))

        if not isinstance(self.add_opt8, Unset):
            files.extend(_types.form_field("add_opt8", self.add_opt8))

        if not isinstance(self.add_opt9, Unset):
            files.extend(_types.form_field("add_opt9", self.add_opt9))

        if not isinstance(self.add_opt10, Unset):
            files.extend(_types.form_field("add_opt10", self.add_opt10))

        if not isinstance(self.output_format, Unset):
            files.extend(_types.form_field("output_format", self.output_format))

        if not isinstance(self.is_demo, Unset):
            files.extend(_types.form_field("is_demo", self.is_demo))

        if not isinstance(self.preset_id, Unset):
            files.extend(_types.form_field("preset_id", self.preset_id))

        if not isinstance(self.webhook_url, Unset):
            files.extend(_types.form_field("webhook_url", self.webhook_url))

        if not isinstance(self.send_mail_on_error, Unset):
            files.extend(_types.form_field("send_mail_on_error", self.send_mail_on_error))

        files.extend(_types.form_field("api_token", self.api_token))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        sep_type = d.pop("sep_type")

        api_token = d.pop("api_token")

        _audiofile = d.pop("audiofile", UNSET)
        audiofile: File | Unset
        if isinstance(_audiofile, Unset):
            audiofile = UNSET
        else:
            audiofile = File(payload=BytesIO(_audiofile))

        url = d.pop("url", UNSET)

        remote_type = d.pop("remote_type", UNSET)

        _target_audiofile = d.pop("target_audiofile", UNSET)
        target_audiofile: File | Unset
        if isinstance(_target_audiofile, Unset):
            target_audiofile = UNSET
        else:
            target_audiofile = File(payload=BytesIO(_target_audiofile))

        _reference_audiofile = d.pop("reference_audiofile", UNSET)
        reference_audiofile: File | Unset
        if isinstance(_reference_audiofile, Unset):
            reference_audiofile = UNSET
        else:
            reference_audiofile = File(payload=BytesIO(_reference_audiofile))

        add_opt1 = d.pop("add_opt1", UNSET)

        add_opt2 = d.pop("add_opt2", UNSET)

        add_opt3 = d.pop("add_opt3", UNSET)

        add_opt4 = d.pop("add_opt4", UNSET)

        add_opt5 = d.pop("add_opt5", UNSET)

        add_opt6 = d.pop("add_opt6", UNSET)

        add_opt7 = d.pop("add_opt7", UNSET)

        add_opt8 = d.pop("add_opt8", UNSET)

        add_opt9 = d.pop("add_opt9", UNSET)

        add_opt10 = d.pop("add_opt10", UNSET)

        output_format = d.pop("output_format", UNSET)

        is_demo = d.pop("is_demo", UNSET)

        preset_id = d.pop("preset_id", UNSET)

        webhook_url = d.pop("webhook_url", UNSET)

        send_mail_on_error = d.pop("send_mail_on_error", UNSET)

        separation_create_body = cls(
            sep_type=sep_type,
            api_token=api_token,
            audiofile=audiofile,
            url=url,
            remote_type=remote_type,
            target_audiofile=target_audiofile,
            reference_audiofile=reference_audiofile,
            add_opt1=add_opt1,
            add_opt2=add_opt2,
            add_opt3=add_opt3,
            add_opt4=add_opt4,
            add_opt5=add_opt5,
            add_opt6=add_opt6,
            add_opt7=add_opt7,
            add_opt8=add_opt8,
            add_opt9=add_opt9,
            add_opt10=add_opt10,
            output_format=output_format,
            is_demo=is_demo,
            preset_id=preset_id,
            webhook_url=webhook_url,
            send_mail_on_error=send_mail_on_error,
        )

        return separation_create_body
