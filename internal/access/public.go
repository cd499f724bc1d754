package access

import "time"

// What anybody may do without an account is slowed: looking for one's own line by the end of an ID number, which could be guessed, and
// leaving an objection, which somebody has to answer.
var (
	ofCertificate = limit{6, 24 * time.Hour}
	ofChecks      = limit{40, time.Hour}
	ofObjector    = limit{4, time.Hour}
	ofPlan        = limit{30, 24 * time.Hour}
)

// The longest name under which such a try is counted.
const longestCounted = 60

// Check counts a try to see the line of a certificate from an address; ErrWait after too many.
func (d *Door) Check(certificate, from string) error {
	return d.count(guess{"c" + counted(certificate): ofCertificate, "g" + from: ofChecks})
}

// Checked forgets the tries at a certificate, whose holder has shown the right end.
func (d *Door) Checked(certificate string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := "c" + counted(certificate)
	delete(d.rows, key)
	return d.write(nil, []string{key})
}

// Object counts an objection to a plan from an address; ErrWait after too many.
func (d *Door) Object(plan, from string) error {
	return d.count(guess{"o" + from: ofObjector, "w" + counted(plan): ofPlan})
}

func counted(name string) string { return name[:min(len(name), longestCounted)] }

// count counts a try and keeps it.
func (d *Door) count(g guess) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.try(g, d.ledger.Now()) {
		return ErrWait
	}
	put := map[string]tries{}
	for key := range g {
		put[key] = d.rows[key]
	}
	gone := d.tooMany()
	for _, key := range gone {
		delete(put, key)
	}
	return d.write(put, gone)
}
