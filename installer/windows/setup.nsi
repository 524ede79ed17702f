; The installer for Windows: per person, without an administrator (issue 16). installer/packages.py gives it
;   VERSION, OUT, ICON, INSTALLED (a list of what is put down) and REMOVED (a list of what is taken away again).
; Silent: setup.exe /S [/D=folder] [/FOLDER=\\server\ems] [/SERVICE=https://...] [/LANGUAGE=fr] [/RULE=delivery] [/AUTOSTART]
; The folder, service, language and rule go into repaircenter-setup.json beside the program (repaircenter/assembly/preset.py).
Target amd64-unicode
SetCompressor /SOLID lzma
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WordFunc.nsh
!insertmacro WordReplace

!define PROGRAM "$INSTDIR\repaircenter.exe"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\RepairCenter"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
Name "RepairCenter"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\RepairCenter"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
BrandingText "RepairCenter ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "RepairCenter"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "RepairCenter"
VIAddVersionKey CompanyName "RepairCenter"
VIAddVersionKey LegalCopyright "RepairCenter"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "${PROGRAM}"
!define MUI_FINISHPAGE_RUN_PARAMETERS "desk"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "French"
!insertmacro MUI_LANGUAGE "Spanish"
LangString AUTOSTART ${LANG_ENGLISH} "Start with Windows, without a window"
LangString AUTOSTART ${LANG_FRENCH} "Démarrer avec Windows, sans fenêtre"
LangString AUTOSTART ${LANG_SPANISH} "Iniciar con Windows, sin ventana"
LangString ESTIMATE ${LANG_ENGLISH} "EMS estimate"
LangString ESTIMATE ${LANG_FRENCH} "Estimation EMS"
LangString ESTIMATE ${LANG_SPANISH} "Estimado EMS"

Var Ran
Var Preset

; The desk survives being killed at any point; it is asked to close first.
!macro END_RUNNING un
Function ${un}EndRunning
  StrCpy $Ran 0
  StrCpy $R1 0
  ${Do}
    ${IfNot} ${FileExists} "${PROGRAM}"
      ${ExitDo}
    ${EndIf}
    ClearErrors
    FileOpen $R0 "${PROGRAM}" a
    ${IfNot} ${Errors}
      FileClose $R0
      ${ExitDo}
    ${EndIf}
    StrCpy $Ran 1
    ${If} $R1 < 5
      nsExec::Exec 'taskkill /IM repaircenter.exe'
    ${Else}
      nsExec::Exec 'taskkill /F /IM repaircenter.exe'
    ${EndIf}
    Pop $R0
    ${If} $R1 > 20
      SetErrorLevel 1
      Abort "RepairCenter is running and cannot be ended."
    ${EndIf}
    Sleep 1000
    IntOp $R1 $R1 + 1
  ${Loop}
FunctionEnd
!macroend
!insertmacro END_RUNNING ""
!insertmacro END_RUNNING "un."

; $R2 is an option with its "=", $R1 becomes what it says; the error flag tells that it is not there. GetOptions of NSIS ends
; a value at its first slash, which addresses have. A value with spaces has quotes, or its whole option has.
Function ReadOption
  ${GetParameters} $R0
  StrLen $R3 $R2
  StrLen $R4 $R0
  StrCpy $R1 ""
  StrCpy $R5 0
  ${Do}
    ${If} $R5 >= $R4
      SetErrors
      Return
    ${EndIf}
    StrCpy $R6 $R0 $R3 $R5
    ${If} $R6 == $R2
      ${ExitDo}
    ${EndIf}
    IntOp $R5 $R5 + 1
  ${Loop}
  StrCpy $R7 " "
  ${If} $R5 > 0
    IntOp $R6 $R5 - 1
    StrCpy $R6 $R0 1 $R6
    ${If} $R6 == '"'
      StrCpy $R7 '"'
    ${EndIf}
  ${EndIf}
  IntOp $R5 $R5 + $R3
  StrCpy $R6 $R0 1 $R5
  ${If} $R6 == '"'
    StrCpy $R7 '"'
    IntOp $R5 $R5 + 1
  ${EndIf}
  ${DoWhile} $R5 < $R4
    StrCpy $R6 $R0 1 $R5
    ${If} $R6 == $R7
      ${ExitDo}
    ${EndIf}
    StrCpy $R1 "$R1$R6"
    IntOp $R5 $R5 + 1
  ${Loop}
  ClearErrors
FunctionEnd

; One line of the preset: NAME with what the option says, as JSON.
!macro PRESET option name
  StrCpy $R2 "/${option}="
  Call ReadOption
  ${IfNot} ${Errors}
    ${WordReplace} "$R1" "\" "\\" "+" $R1
    ${If} $Preset != ""
      StrCpy $Preset "$Preset, "
    ${EndIf}
    StrCpy $Preset '$Preset"${name}": "$R1"'
  ${EndIf}
!macroend

Section "RepairCenter"
  SectionIn RO
  Call EndRunning
  ; What the version before put down and this one does not is taken away by its own list.
  ${If} ${FileExists} "$INSTDIR\uninstall.exe"
    ExecWait '"$INSTDIR\uninstall.exe" /S /UPGRADE _?=$INSTDIR'
  ${EndIf}
  !include "${INSTALLED}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  StrCpy $Preset ""
  !insertmacro PRESET FOLDER folder
  !insertmacro PRESET SERVICE service
  !insertmacro PRESET LANGUAGE language
  !insertmacro PRESET RULE send_rule
  ${If} $Preset != ""
    FileOpen $R0 "$INSTDIR\repaircenter-setup.json" w
    FileWriteUTF16LE /BOM $R0 "{$Preset}"
    FileClose $R0
  ${EndIf}
  CreateShortcut "$SMPROGRAMS\RepairCenter.lnk" "${PROGRAM}" "desk"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "RepairCenter"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "${PROGRAM}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "RepairCenter"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ; Offered beside what opens the ending already; nothing of another program is replaced.
  WriteRegStr HKCU "Software\Classes\RepairCenter.Estimate" "" "$(ESTIMATE)"
  WriteRegStr HKCU "Software\Classes\RepairCenter.Estimate\DefaultIcon" "" "${PROGRAM},0"
  WriteRegStr HKCU "Software\Classes\RepairCenter.Estimate\shell\open\command" "" '"${PROGRAM}" desk "%1"'
  WriteRegStr HKCU "Software\Classes\.env\OpenWithProgids" "RepairCenter.Estimate" ""
  ${If} $Ran = 1
    Exec '"${PROGRAM}" desk'
  ${EndIf}
SectionEnd

; The same value as the desk's own choice (repaircenter/assembly/autostart.py).
Section /o "$(AUTOSTART)" SecAutostart
  WriteRegStr HKCU "${RUN_KEY}" "RepairCenter" '"${PROGRAM}" desk --tray'
SectionEnd

Function .onInit
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/AUTOSTART" $R1
  ${IfNot} ${Errors}
    SectionSetFlags ${SecAutostart} ${SF_SELECTED}
  ${EndIf}
FunctionEnd

Section "Uninstall"
  Call un.EndRunning
  ; By list: the person may have chosen a folder with other things in it.
  !include "${REMOVED}"
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/UPGRADE" $R1
  ${If} ${Errors}
    Delete "$INSTDIR\repaircenter-setup.json"
    Delete "$INSTDIR\uninstall.exe"
    Delete "$SMPROGRAMS\RepairCenter.lnk"
    DeleteRegKey HKCU "${UNINSTALL_KEY}"
    DeleteRegValue HKCU "${RUN_KEY}" "RepairCenter"
    DeleteRegKey HKCU "Software\Classes\RepairCenter.Estimate"
    DeleteRegValue HKCU "Software\Classes\.env\OpenWithProgids" "RepairCenter.Estimate"
    DeleteRegKey /ifempty HKCU "Software\Classes\.env\OpenWithProgids"
    DeleteRegKey /ifempty HKCU "Software\Classes\.env"
    RMDir "$INSTDIR"
  ${EndIf}
SectionEnd
