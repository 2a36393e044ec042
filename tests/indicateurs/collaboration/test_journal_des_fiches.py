"""Quels que soient les gestes, chaque changement d'une fiche a sa ligne, et le journal rejoué redonne son contenu."""

import datetime
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as essais
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from indicateurs.models import ContenuDeFiche, FicheExpertise
from organisations.models import MODIFIABLES, Role, TransitionInterdite
from organisations.models.statut import OUVERTS
from tests import fabrique as f
from tests.volume import volume

TEXTES = st.sampled_from(["", " ", "Tout est revu.", "« é »\nligne"])
TITRES = st.sampled_from(["Signer", "Classer"])
CONTACTS = st.sampled_from(["", "a@exemple.test", "pas une adresse"])
QUI = st.sampled_from(["transmet", "redige", "relit", "relit et transmet", "etrangere"])
LAQUELLE = st.integers(0, 3)
JETONS = st.sampled_from([None, "1.1.", "1.2."])


class Monde:
    """Une organisation, deux indicateurs, et des gens de toutes sortes."""

    def __init__(self) -> None:
        self.organisation = f.organisation()
        self.indicateurs = [f.indicateur("papier"), f.indicateur("ouvert")]
        self.gens = {nom: f.declarant(self.organisation) for nom in ("transmet", "relit et transmet")} | {
            "redige": f.declarant(self.organisation, Role.REDACTION),
            "relit": f.relecteur(),
            "etrangere": f.declarant(f.organisation()),
        }
        self.gens["relit et transmet"].user_permissions.add(f.permission("indicateurs.relire_ficheexpertise"))


class Fiches(RuleBasedStateMachine):
    """Des gestes permis et interdits, dans un ordre quelconque."""

    monde: Monde

    def __init__(self) -> None:
        super().__init__()
        self.jetable = f.monde_jetable()
        self.jetable.__enter__()
        self.le = f.instant("2023-05-01")
        premiere = ContenuDeFiche(self.monde.indicateurs[0], "Signer", "Fait.", "Obtenu.", "a@exemple.test")
        par = self.monde.gens["transmet"]
        FicheExpertise.objects.proposer(self.monde.organisation, premiere, par=par, le=self.le)

    def teardown(self) -> None:
        """Rien ne reste de l'exemple."""
        self.jetable.__exit__(None, None, None)

    @rule(laquelle=LAQUELLE, qui=QUI, indicateur=st.integers(0, 1), titre=TITRES, fait=TEXTES, donne=TEXTES,
          contact=CONTACTS, lu=JETONS)  # fmt: skip
    def rediger(self, laquelle, qui, indicateur, titre, fait, donne, contact, lu):
        """Écrit, à jour ou non."""
        cible = self.version(laquelle)
        contenu = ContenuDeFiche(self.monde.indicateurs[indicateur], titre, fait, donne, contact)
        if self.faire(qui, lambda par: cible.rediger(contenu, par=par, le=self.le, jeton=lu)):
            assert self.avant[cible.pk][0] in MODIFIABLES

    @rule(laquelle=LAQUELLE, qui=QUI)
    def soumettre(self, laquelle, qui):
        """Transmet."""
        cible = self.version(laquelle)
        if self.faire(qui, lambda par: cible.soumettre(par=par, le=self.le)):
            assert qui in {"transmet", "relit et transmet"}
            assert all(dit.strip() for dit in cible.contenu().values())
            assert "@" in cible.contact

    @rule(laquelle=LAQUELLE, qui=QUI)
    def valider(self, laquelle, qui):
        """Accepte."""
        cible = self.version(laquelle)
        if self.faire(qui, lambda par: cible.valider(par=par, le=self.le)):
            assert not cible.journal.filter(vers="SOUMIS", par=self.monde.gens[qui]).exists()

    @rule(laquelle=LAQUELLE, qui=QUI)
    def renvoyer(self, laquelle, qui):
        """Renvoie."""
        cible = self.version(laquelle)
        self.faire(qui, lambda par: cible.renvoyer(par=par, le=self.le, motif="Précisez."))

    @rule(laquelle=LAQUELLE, qui=QUI)
    def corriger(self, laquelle, qui):
        """Ouvre la version suivante."""
        cible = self.version(laquelle)
        if self.faire(qui, lambda par: cible.corriger(par=par, le=self.le, motif="Erreur.")):
            [nouvelle] = self.etat().keys() - self.avant.keys()
            assert self.etat()[nouvelle][:2] == ("BROUILLON", self.avant[cible.pk][1])

    @invariant()
    def le_journal_rejoue_redonne_le_contenu(self):
        """À chaque version, la référence reste la même."""
        for fiche in self.versions():
            assert f.rejouer(fiche) == fiche.contenu()
        assert {fiche.reference for fiche in self.versions()} == {"signer"}

    @invariant()
    def au_plus_une_ouverte_et_une_validee(self):
        """Comme tout dossier."""
        statuts = [fiche.statut for fiche in self.versions()]
        assert sum(statut in OUVERTS for statut in statuts) <= 1
        assert statuts.count("VALIDE") <= 1

    def versions(self) -> list[FicheExpertise]:
        """Toutes, dans l'ordre."""
        return list(FicheExpertise.objects.filter(organisation=self.monde.organisation).order_by("version"))

    def version(self, laquelle: int) -> FicheExpertise:
        """L'une d'elles, la plus récente d'abord."""
        versions = self.versions()[::-1]
        return versions[laquelle % len(versions)]

    def etat(self) -> dict[int, tuple]:
        """Par version: son statut, son contenu, ses lignes de journal."""
        return {d.pk: (d.statut, d.contenu(), list(d.journal.order_by("pk"))) for d in self.versions()}

    def faire(self, qui: str, geste: Callable) -> bool:
        """Tente le geste; rend s'il a changé quelque chose, une fois comptées les lignes de journal."""
        self.le += datetime.timedelta(minutes=1)
        self.avant, par = self.etat(), self.monde.gens[qui]
        try:
            geste(par)
        except TransitionInterdite:
            assert self.etat() == self.avant
            return False
        for cle, (statut, contenu, lignes) in self.etat().items():
            ancien, dit, anciennes = self.avant.get(cle, ("BROUILLON", {}, []))
            nouvelles = lignes[len(anciennes) :]
            assert len(nouvelles) == ((statut, contenu) != (ancien, dit))
            assert [(n.de, n.vers, n.par, n.le) for n in nouvelles] == [(ancien, statut, par, self.le)] * len(nouvelles)
        return self.etat() != self.avant


@pytest.mark.epreuve
@pytest.mark.django_db
def test_chaque_changement_d_une_fiche_a_sa_ligne_et_le_journal_rejoue_redonne_tout():
    Fiches.monde = Monde()
    run_state_machine_as_test(
        Fiches,
        settings=essais(
            max_examples=volume(15, 2_000),
            stateful_step_count=30,
            deadline=None,
            phases=[phase for phase in Phase if phase != Phase.explain],
            suppress_health_check=list(HealthCheck),
        ),
    )
