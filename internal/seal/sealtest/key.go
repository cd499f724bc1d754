// Package sealtest makes the keys of tests. SANBIAN_SUITE=national runs the same tests with the national suite. Only tests import it.
package sealtest

import (
	"os"

	"github.com/sanbian/ledger/internal/seal"
)

// Suite is the one that tests run with.
func Suite() seal.Suite {
	suite, err := seal.SuiteNamed(os.Getenv("SANBIAN_SUITE"))
	if err != nil {
		panic(err)
	}
	return suite
}

// Create makes a key file as seal.Create does, of the suite that tests run with.
func Create(path string) (*seal.Key, error) { return seal.Create(path, Suite()) }
