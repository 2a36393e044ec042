"""Quels que soient les gestes, chaque changement a sa ligne au journal, et le journal rejoué redonne le contenu."""

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, Phase
from hypothesis import settings as essais
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from indicateurs.models import Saisie, Soumission
from organisations.models import MODIFIABLES, Role, TransitionInterdite
from organisations.models.statut import OUVERTS
from organisations.requete import identifiee
from tests import fabrique as f
from tests.volume import volume

REPONSES = st.sampled_from(
    [
        None,
        {"numerateur": "abc"},
        {"note": "À suivre"},
        Saisie(1, 2),
        Saisie(3, 10, justification="Vérifié."),
        Saisie(0, 0, justification="Vérifié."),
        Saisie(absence="SANS_OBJET"),
        Saisie(absence="NON_DISPONIBLE", motif="panne", note="Publique"),
        Saisie(-1, 2),
        Saisie(3, 2),
        Saisie(absence="NON_DISPONIBLE"),
    ]
)
QUI = st.sampled_from(["transmet", "transmet aussi", "redige", "relit", "relit et transmet", "etrangere"])
LAQUELLE = st.integers(0, 3)
MOTIFS = st.sampled_from(["Vérifiez.", "Erreur de calcul", " ", ""])
RELISENT = {"relit", "relit et transmet"}
TRANSMETTENT = {"transmet", "transmet aussi", "relit et transmet"}


class Monde:
    """Une organisation, un trimestre, deux indicateurs, et des gens de toutes sortes."""

    def __init__(self) -> None:
        self.organisation, self.trimestre = f.organisation(), f.trimestre("2023-T1")
        self.indicateurs = [f.indicateur("papier"), f.indicateur("ouvert")]
        toutes = "transmet", "transmet aussi", "relit et transmet"
        self.gens = {nom: f.declarant(self.organisation) for nom in toutes} | {
            "redige": f.declarant(self.organisation, Role.REDACTION),
            "relit": f.relecteur(),
            "etrangere": f.declarant(f.organisation()),
        }
        self.gens["relit et transmet"].user_permissions.add(f.permission("indicateurs.relire_soumission"))


class Dossiers(RuleBasedStateMachine):
    """Des gestes permis et interdits, dans un ordre quelconque."""

    monde: Monde

    def __init__(self) -> None:
        super().__init__()
        self.jetable = f.monde_jetable()
        self.jetable.__enter__()
        self.le = f.instant("2023-05-01")
        Soumission.objects.commencer(
            self.monde.organisation, self.monde.trimestre, par=self.monde.gens["transmet"], le=self.le
        )
        self.rang = 0
        self.finaux: dict[int, tuple] = {}

    def teardown(self) -> None:
        """Rien ne reste de l'exemple."""
        self.jetable.__exit__(None, None, None)

    # --- les gestes --------------------------------------------------------------------------------------------------

    @rule(laquelle=LAQUELLE, qui=QUI, papier=REPONSES, ouvert=REPONSES, lu=st.sampled_from([None, "1.0.", "1.1."]))
    def saisir(self, laquelle, qui, papier, ouvert, lu):
        """Écrit, à jour ou non."""
        cible = self.version(laquelle)
        reponses = dict(zip(self.monde.indicateurs, (papier, ouvert), strict=True))
        if self.faire(cible, qui, lambda par: cible.saisir(reponses, par=par, le=self.le, jeton=lu)):
            assert self.avant[cible.pk][0] in MODIFIABLES

    @rule(laquelle=LAQUELLE, qui=QUI)
    def soumettre(self, laquelle, qui):
        """Transmet."""
        cible = self.version(laquelle)
        if self.faire(cible, qui, lambda par: cible.soumettre(par=par, le=self.le)):
            statut, contenu = self.avant[cible.pk][:2]
            assert statut in MODIFIABLES
            assert qui in TRANSMETTENT
            assert len(contenu) == 2
            assert not any("ebauche" in dit for dit in contenu.values())

    @rule(laquelle=LAQUELLE, qui=QUI, motif=MOTIFS)
    def renvoyer(self, laquelle, qui, motif):
        """Renvoie."""
        cible = self.version(laquelle)
        if self.faire(cible, qui, lambda par: cible.renvoyer(par=par, le=self.le, motif=motif)):
            assert motif.strip()
            self.relue(cible, qui)

    @rule(laquelle=LAQUELLE, qui=QUI)
    def valider(self, laquelle, qui):
        """Accepte."""
        cible = self.version(laquelle)
        if self.faire(cible, qui, lambda par: cible.valider(par=par, le=self.le)):
            self.relue(cible, qui)

    @rule(laquelle=LAQUELLE, qui=QUI, motif=MOTIFS)
    def corriger(self, laquelle, qui, motif):
        """Ouvre la version suivante."""
        cible = self.version(laquelle)
        if self.faire(cible, qui, lambda par: cible.corriger(par=par, le=self.le, motif=motif)):
            assert motif.strip()
            assert self.avant[cible.pk][0] == "VALIDE"
            [nouvelle] = self.etat().keys() - self.avant.keys()
            assert self.etat()[nouvelle][:2] == ("BROUILLON", self.avant[cible.pk][1])

    # --- ce qui est toujours vrai ------------------------------------------------------------------------------------

    @invariant()
    def le_journal_rejoue_redonne_le_contenu(self):
        """Et rien n'y est négatif."""
        for dossier in self.versions():
            assert f.rejouer(dossier) == dossier.contenu()
            assert all(n >= 0 for dit in dossier.contenu().values() for n in dit.values() if isinstance(n, int))

    @invariant()
    def au_plus_une_ouverte_et_une_validee(self):
        """Et seul ce qui fut accepté par une autre personne est public."""
        statuts = [dossier.statut for dossier in self.versions()]
        assert sum(statut in OUVERTS for statut in statuts) <= 1
        assert statuts.count("VALIDE") <= 1
        for public in Soumission.objects.publics_au(self.le):
            assert public.statut == "VALIDE"
            assert public.valide_par_id != public.soumis_par_id

    @invariant()
    def un_etat_final_est_final(self):
        """Une version remplacée ne change plus."""
        for cle, fait in self.etat().items():
            if fait[0] == "REMPLACE":
                assert self.finaux.setdefault(cle, fait) == fait

    # --- le mécanisme ------------------------------------------------------------------------------------------------

    def versions(self) -> list[Soumission]:
        """Toutes les versions, dans l'ordre."""
        return list(Soumission.objects.filter(organisation=self.monde.organisation).order_by("version"))

    def version(self, laquelle: int) -> Soumission:
        """L'une d'elles, la plus récente d'abord."""
        versions = self.versions()[::-1]
        return versions[laquelle % len(versions)]

    def etat(self) -> dict[int, tuple]:
        """Par version: son statut, son contenu, ses lignes de journal."""
        return {d.pk: (d.statut, d.contenu(), list(d.journal.order_by("pk"))) for d in self.versions()}

    def relue(self, cible: Soumission, qui: str) -> None:
        """La relecture est permise, et par quelqu'un qui n'a jamais transmis cette version."""
        assert self.avant[cible.pk][0] == "SOUMIS"
        assert qui in RELISENT
        assert not cible.journal.filter(vers="SOUMIS", par=self.monde.gens[qui]).exists()

    def faire(self, cible: Soumission, qui: str, geste: Callable) -> bool:
        """Tente le geste; rend s'il a changé quelque chose, une fois comptées les lignes de journal."""
        self.rang += 1
        self.le += datetime.timedelta(minutes=1)
        self.avant, demande = self.etat(), f"demande-{self.rang}" if self.rang % 2 else ""
        par = self.monde.gens[qui]
        try:
            with identifiee(demande):
                geste(par)
        except (TransitionInterdite, ValidationError):
            assert self.etat() == self.avant
            return False
        for cle, (statut, contenu, lignes) in self.etat().items():
            ancien, dit, anciennes = self.avant.get(cle, ("BROUILLON", {}, []))
            nouvelles = lignes[len(anciennes) :]
            assert lignes[: len(anciennes)] == anciennes
            assert len(nouvelles) == ((statut, contenu) != (ancien, dit))
            for ligne in nouvelles:
                assert (ligne.de, ligne.vers, ligne.par, ligne.le, ligne.requete) == (
                    (ancien, statut, par, self.le, demande)
                )
                assert ligne.changements == (differences(dit, contenu) or None)
        return self.etat() != self.avant


def differences(avant: dict, apres: dict) -> dict:
    """L'avant et l'après de chaque indicateur qui change."""
    codes = [code for code in avant | apres if avant.get(code) != apres.get(code)]
    return {code: {"avant": avant.get(code), "apres": apres.get(code)} for code in codes}


@pytest.mark.epreuve
@pytest.mark.django_db
def test_chaque_changement_a_sa_ligne_et_le_journal_rejoue_redonne_tout():
    Dossiers.monde = Monde()
    assert connection.in_atomic_block, "chaque exemple se défait"
    run_state_machine_as_test(
        Dossiers,
        settings=essais(
            max_examples=volume(15, 2_000),
            stateful_step_count=30,
            deadline=None,
            phases=[phase for phase in Phase if phase != Phase.explain],
            suppress_health_check=list(HealthCheck),
        ),
    )
