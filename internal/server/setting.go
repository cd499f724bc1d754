package server

import (
	"net/http"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/settings/:place", settingList),
	post("/settings/:place", settingChange),
)

// settingsPage is what the page settings shows.
type settingsPage struct {
	Place region.Code
	List  []settingRow
	Forms forms
}

// settingRow is a setting, what it is today, what this office has said of it, and what may be done about it.
type settingRow struct {
	*office.Setting
	Now     journal.Label
	Rulings []ruling
	Choice  []option
	acts
}

// ruling is what an office said, in words.
type ruling struct {
	office.Ruling
	Said journal.Label
}

var _ = page[settingsPage]("settings")

func settingList(r *request) error { return r.showSettings(http.StatusOK, forms{}) }

// showSettings shows the settings of a place; the form that was refused goes by the name of its setting.
func (r *request) showSettings(code int, typed forms) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(code, "settings", "settings", place, func(v *journal.View, fr *frame) (any, error) {
		body := settingsPage{Place: place, Forms: typed}
		for _, s := range office.Settings() {
			row := settingRow{Setting: s}
			value, err := office.InForce(v, place, s)
			if err != nil {
				return nil, err
			}
			row.Now = s.Said(value)
			list, err := office.Rulings(v, place, s)
			if err != nil {
				return nil, err
			}
			for _, x := range list {
				row.Rulings = append(row.Rulings, ruling{x, s.Said(x.Value)})
			}
			if row.acts, err = r.may(v, map[string]any{"region": string(place), "setting": s.Name, "value": value}, "ChangeSetting"); err != nil {
				return nil, err
			}
			for _, c := range s.Choices {
				row.Choice = append(row.Choice, option{Value: c.Value, Label: r.say.T(string(c.Label))})
			}
			typed.start(s.Name, "value", value, "from_day", string(v.Today()))
			typed[s.Name].of("ChangeSetting")
			body.List = append(body.List, row)
		}
		fr.Title = r.say.T("设置")
		return body, nil
	})
}

func settingChange(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	f["region"] = r.Param("place")
	if _, err := r.post("ChangeSetting", f, values.Get(requestKey)); err != nil {
		if !refused(err) {
			return err
		}
		return r.showSettings(status[journal.CodeOf(err)], forms{values.Get("setting"): again(values, err, "value", "from_day", "reason")})
	}
	return r.done("/settings/"+r.Param("place"), "set")
}
